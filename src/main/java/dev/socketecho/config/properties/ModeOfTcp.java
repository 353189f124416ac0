package dev.socketecho.config.properties;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.socketecho.server.ServerMode;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

/**
 * A mode that TCP servers have, too.
 */
@Documented
@Target({ ElementType.FIELD, ElementType.PARAMETER, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ModeOfTcp.Validator.class)
@interface ModeOfTcp {

	String message() default "must be echo, collect or identify: STAMP is a protocol over UDP";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/**
	 * Checks the mode of a TCP server.
	 */
	final class Validator implements ConstraintValidator<ModeOfTcp, ServerMode> {

		@Override
		public boolean isValid(ServerMode mode, ConstraintValidatorContext context) {
			return mode != ServerMode.STAMP;
		}

	}

}
