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
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The least and the most bytes of a {@link DataSize}.
 */
@Documented
@Target({ ElementType.FIELD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT })
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = DataSizeRange.Validator.class)
@interface DataSizeRange {

	String message() default "must be {min} to {max} bytes";

	Class<?>[] groups() default {};

	Class<? extends Payload>[] payload() default {};

	/**
	 * The least number of bytes.
	 */
	long min();

	/**
	 * The most bytes; by default what one buffer can hold.
	 */
	long max() default Integer.MAX_VALUE - 15;

	/**
	 * Checks the number of bytes.
	 */
	final class Validator implements ConstraintValidator<DataSizeRange, DataSize> {

		private long min;

		private long max;

		@Override
		public void initialize(DataSizeRange range) {
			this.min = range.min();
			this.max = range.max();
		}

		@Override
		public boolean isValid(@Nullable DataSize value, ConstraintValidatorContext context) {
			return value == null || (value.toBytes() >= this.min && value.toBytes() <= this.max);
		}

	}

}
