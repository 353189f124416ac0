package dev.socketecho.config.properties;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

import org.springframework.util.StringUtils;

/**
 * A delimiter is set with framing {@code delimiter}, and with no other framing.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = DelimiterFits.Validator.class)
@interface DelimiterFits {

	String message() default "is required with framing 'delimiter'";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/**
	 * Checks the framing and the delimiter.
	 */
	final class Validator implements ConstraintValidator<DelimiterFits, Framed> {

		/**
		 * An empty delimiter removes the one of a default server.
		 */
		private static final String UNUSED = "is for framing 'delimiter' only; leave it empty with another";

		@Override
		public boolean isValid(Framed properties, ConstraintValidatorContext context) {
			boolean needed = properties.framing().needsDelimiter();
			if (needed == StringUtils.hasLength(properties.delimiter())) {
				return true;
			}
			context.disableDefaultConstraintViolation();
			context
				.buildConstraintViolationWithTemplate(needed ? context.getDefaultConstraintMessageTemplate() : UNUSED)
				.addPropertyNode("delimiter")
				.addConstraintViolation();
			return false;
		}

	}

}
