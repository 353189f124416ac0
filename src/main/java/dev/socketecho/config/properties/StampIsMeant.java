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
 * A UDP server with properties for STAMP has that mode. In any other one, a server with a
 * key would answer everybody, and one that is to be stateful would be no reflector at
 * all. The violation is of the mode, so that a key is not shown.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = StampIsMeant.Validator.class)
@interface StampIsMeant {

	String message() default "must be stamp, because stamp.%s is set";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/**
	 * Checks the mode of a UDP server.
	 */
	final class Validator implements ConstraintValidator<StampIsMeant, UdpServerProperties> {

		@Override
		public boolean isValid(UdpServerProperties server, ConstraintValidatorContext context) {
			String property = (server.stamp() != null) ? server.stamp().firstSet() : null;
			if (property == null || server.mode() == ServerMode.STAMP) {
				return true;
			}
			context.disableDefaultConstraintViolation();
			context
				.buildConstraintViolationWithTemplate(context.getDefaultConstraintMessageTemplate().formatted(property))
				.addPropertyNode("mode")
				.addConstraintViolation();
			return false;
		}

	}

}
