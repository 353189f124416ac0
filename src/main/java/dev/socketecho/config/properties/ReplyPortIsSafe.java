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

/**
 * The reply port is not one of the blocked ports, or no datagram would be answered.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ReplyPortIsSafe.Validator.class)
@interface ReplyPortIsSafe {

	String message() default "must not be one of blocked-source-ports";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/**
	 * Checks the reply port of a UDP server.
	 */
	final class Validator implements ConstraintValidator<ReplyPortIsSafe, UdpServerProperties> {

		@Override
		public boolean isValid(UdpServerProperties server, ConstraintValidatorContext context) {
			Integer port = server.replyPort();
			if (port == null || !server.blockedSourcePorts().contains(port)) {
				return true;
			}
			context.disableDefaultConstraintViolation();
			context.buildConstraintViolationWithTemplate(context.getDefaultConstraintMessageTemplate())
				.addPropertyNode("replyPort")
				.addConstraintViolation();
			return false;
		}

	}

}
