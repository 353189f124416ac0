package dev.socketecho.config.properties;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.FaultType;
import dev.socketecho.fault.Fault;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Faults are of a type that the server has, with the properties that this type needs, and
 * no others.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = FaultsFit.Validator.class)
@interface FaultsFit {

	String message() default "does not fit";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/**
	 * What has faults.
	 */
	interface Faulty {

		/**
		 * The faults, by name.
		 */
		Map<String, FaultProperties> faults();

		/**
		 * The framing of a TCP server; {@code null} for UDP.
		 */
		@Nullable Framing streamFraming();

	}

	/**
	 * Checks the faults of a server.
	 */
	final class Validator implements ConstraintValidator<FaultsFit, Faulty> {

		private static final int MOST = 16;

		/** What every type takes. */
		private static final Set<String> COMMON = Set.of("type", "enabled", "direction", "probability", "unit", "first",
				"every", "for", "sources", "seed");

		@Override
		public boolean isValid(Faulty server, ConstraintValidatorContext context) {
			context.disableDefaultConstraintViolation();
			boolean valid = true;
			int number = 0;
			for (Map.Entry<String, FaultProperties> entry : server.faults().entrySet()) {
				Map<String, String> mistakes = mistakes(entry.getKey(), entry.getValue(), server.streamFraming());
				require(++number == MOST + 1, "type",
						"there are %d faults (expected: at most %d)".formatted(server.faults().size(), MOST), mistakes);
				for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
					context.buildConstraintViolationWithTemplate(mistake.getValue())
						.addPropertyNode("faults")
						.addPropertyNode(mistake.getKey())
						.inIterable()
						.atKey(entry.getKey())
						.addConstraintViolation();
					valid = false;
				}
			}
			return valid;
		}

		/**
		 * What is wrong, by the component of the record that is.
		 */
		private static Map<String, String> mistakes(String name, FaultProperties fault, @Nullable Framing framing) {
			Map<String, String> mistakes = new LinkedHashMap<>();
			FaultType type = fault.type();
			if (!name.matches(FaultProperties.NAME)) {
				mistakes.put("type", FaultProperties.NAME_MESSAGE);
			}
			if (type == null) {
				return mistakes;
			}
			if ((framing != null) ? !type.isForStreams() : !type.isForDatagrams()) {
				mistakes.put("type", "is not for %s (expected: one of %s)".formatted((framing != null) ? "TCP" : "UDP",
						types(framing != null)));
				return mistakes;
			}
			for (String property : fault.asSet().keySet()) {
				if (!COMMON.contains(property) && !type.takes(property)) {
					mistakes.put(component(property), "means nothing to the type '%s'".formatted(type.value()));
				}
			}
			require(type == FaultType.BANDWIDTH && fault.rate() == null, "rate", "is required", mistakes);
			require(type == FaultType.SLICE && fault.size() == null, "size", "is required", mistakes);
			require(fault.size() != null && fault.sizeVariation() != null
					&& fault.sizeVariation().compareTo(fault.size()) >= 0, "sizeVariation", "must be less than size",
					mistakes);
			unit(fault, framing, mistakes);
			return mistakes;
		}

		private static void unit(FaultProperties fault, @Nullable Framing framing, Map<String, String> mistakes) {
			if (framing == null) {
				require(fault.unit() != null, "unit", "is for TCP: on UDP each datagram is one", mistakes);
				require(fault.scope() == FaultProperties.Scope.CONNECTION, "scope",
						"must be 'server' on UDP, which has no connections", mistakes);
				return;
			}
			require(fault.burst() != null, "burst", "is for UDP: on TCP reading stops", mistakes);
			require(fault.unit() == Fault.Unit.MESSAGE && framing == Framing.NONE, "unit",
					"must be 'connection' with the framing 'none', which has no messages", mistakes);
			require(fault.unit() == Fault.Unit.MESSAGE && fault.type() == FaultType.SLOW_CLOSE, "unit",
					"must be 'connection' with the type 'slow-close'", mistakes);
		}

		private static void require(boolean wrong, String component, String message, Map<String, String> mistakes) {
			if (wrong) {
				mistakes.putIfAbsent(component, message);
			}
		}

		private static List<String> types(boolean streams) {
			List<String> types = new ArrayList<>();
			for (FaultType type : FaultType.values()) {
				if (streams ? type.isForStreams() : type.isForDatagrams()) {
					types.add(type.value());
				}
			}
			return types;
		}

		/**
		 * The record's component of a property.
		 */
		private static String component(String property) {
			StringBuilder name = new StringBuilder();
			for (String word : property.split("-")) {
				name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
			}
			return name.toString();
		}

	}

}
