package dev.socketecho.config.properties;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;

import dev.socketecho.transport.address.AllowedTargets;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/**
 * A host glob or a CIDR.
 */
@Documented
@Target({ ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT, ElementType.TYPE_USE })
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = TargetPattern.Validator.class)
@interface TargetPattern {

	String message() default "must be a host name, in which '*' and '?' stand for any characters, an address or a CIDR";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/**
	 * Checks by reading it.
	 */
	final class Validator implements ConstraintValidator<TargetPattern, String> {

		@Override
		public boolean isValid(@Nullable String value, ConstraintValidatorContext context) {
			if (value == null) {
				return true;
			}
			try {
				new AllowedTargets(List.of(value));
				return true;
			}
			catch (IllegalArgumentException ex) {
				context.disableDefaultConstraintViolation();
				context.buildConstraintViolationWithTemplate(AllowedTargets.isAddressLike(value)
						? "is a glob of addresses, but a glob matches names only (expected: a CIDR, such as 10.0.0.0/8)"
						: context.getDefaultConstraintMessageTemplate())
					.addConstraintViolation();
				return false;
			}
		}

	}

}
