package dev.socketecho.config.properties;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.net.URISyntaxException;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request, with its query: what RFC 9112, 3.2.1, calls the origin form.
 */
@Documented
@Target({ ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT, ElementType.TYPE_USE })
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = RequestPath.Validator.class)
@interface RequestPath {

	String message() default "must begin with '/' and have only characters that a URI may have in its path and query";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/**
	 * Checks the syntax.
	 */
	final class Validator implements ConstraintValidator<RequestPath, String> {

		@Override
		public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
			return value == null || (value.startsWith("/") && value.chars().allMatch((c) -> c > ' ' && c < 0x7f)
					&& value.indexOf('#') < 0 && isUri(value));
		}

		private static boolean isUri(String value) {
			try {
				return new URI("ws://localhost" + value).getRawPath() != null;
			}
			catch (URISyntaxException ex) {
				return false;
			}
		}

	}

}
