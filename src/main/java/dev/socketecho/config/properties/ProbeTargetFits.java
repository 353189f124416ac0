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
 * A probe has either a client, or a transport, a host and a port.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ProbeTargetFits.Validator.class)
@interface ProbeTargetFits {

	String message() default "needs either 'client' or all of 'transport', 'host' and 'port'";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/**
	 * Checks the target of a probe.
	 */
	final class Validator implements ConstraintValidator<ProbeTargetFits, ProbeProperties> {

		@Override
		public boolean isValid(ProbeProperties probe, ConstraintValidatorContext context) {
			boolean any = probe.transport() != null || probe.host() != null || probe.port() != null;
			boolean all = probe.transport() != null && probe.host() != null && probe.port() != null;
			if ((probe.client() != null) ? !any : all) {
				return true;
			}
			context.disableDefaultConstraintViolation();
			context.buildConstraintViolationWithTemplate(context.getDefaultConstraintMessageTemplate())
				.addPropertyNode("client")
				.addConstraintViolation();
			return false;
		}

	}

}
