package dev.socketecho.config.properties;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.socketecho.fault.Lateness;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultType;
import dev.socketecho.transport.address.CidrBlock;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.unit.DataSize;

/**
 * A fault that a server commits on purpose. What is {@code null} was not set.
 *
 * @param type what is done
 * @param enabled whether it is done; defaults to true
 * @param direction what it is done to: what the caller is sent, or what it sends;
 * defaults to 'outbound'
 * @param probability of each unit, 0 to 1; defaults to 1
 * @param unit what is drawn for, on TCP: each connection, or each message; defaults to
 * 'connection'
 * @param delay how late it is; defaults to 0
 * @param jitter how far the delay varies; defaults to 0
 * @param distribution how the delay varies: evenly, or normally with the jitter as
 * standard deviation; defaults to 'uniform'
 * @param rate bytes a second
 * @param scope whom the rate is for: each connection, or all of the server together;
 * defaults to 'connection', on UDP to 'server'
 * @param burst how many bytes wait for their turn, on UDP; defaults to 64KB
 * @param size bytes of a write
 * @param sizeVariation by how many bytes the size varies; defaults to 0
 * @param bytes how many bytes are changed; defaults to 1
 * @param afterBytes after how many bytes it happens; defaults to 0
 * @param after how long after the connection opened it happens; defaults to 0
 * @param count how many further copies are sent; defaults to 1
 * @param first only the first so many units
 * @param every only each so many-th unit
 * @param lifetime only for so long since the fault was set
 * @param sources whose connections or datagrams: addresses and CIDR blocks; empty for all
 * @param seed makes the draws repeatable
 */
public record FaultProperties(@NotNull(message = "is required") FaultType type, @Nullable Boolean enabled,
		Fault.@Nullable Direction direction, @Nullable @DecimalMin("0") @DecimalMax("1") Double probability,
		Fault.@Nullable Unit unit, @Nullable @DurationMin @DurationMax(hours = 24) Duration delay,
		@Nullable @DurationMin @DurationMax(hours = 24) Duration jitter, Lateness.@Nullable Distribution distribution,
		@Nullable @DataSizeRange(min = 1) DataSize rate, @Nullable Scope scope,
		@Nullable @DataSizeRange(min = 1) DataSize burst, @Nullable @DataSizeRange(min = 1) DataSize size,
		@Nullable @DataSizeRange(min = 0) DataSize sizeVariation, @Nullable @Min(1) @Max(1_000_000) Integer bytes,
		@Nullable @DataSizeRange(min = 0, max = MOST_BYTES) DataSize afterBytes,
		@Nullable @DurationMin @DurationMax(days = 36500) Duration after, @Nullable @Min(1) @Max(100) Integer count,
		@Nullable @Min(1) Long first, @Nullable @Min(1) Long every,
		@Name("for") @Nullable @DurationMin(nanos = 1) @DurationMax(days = 36500) Duration lifetime,
		@DefaultValue List<CidrBlock> sources, @Nullable Long seed) {

	/** What names of faults match. */
	public static final String NAME = "[a-z0-9-]{1,32}";

	/** Says what is wrong with another name. */
	public static final String NAME_MESSAGE = "the fault's name must be 1 to 32 of a to z, 0 to 9 and '-'";

	/** The most of {@code after-bytes}: 1 PB. */
	private static final long MOST_BYTES = 1L << 50;

	/**
	 * Returns what was set, by the names that it has in the configuration file.
	 * @return in the order of the components
	 */
	public Map<String, Object> asSet() {
		Map<String, Object> set = new LinkedHashMap<>();
		for (RecordComponent component : FaultProperties.class.getRecordComponents()) {
			Object value = ReflectionUtils.invokeMethod(component.getAccessor(), this);
			if (value != null && !List.of().equals(value)) {
				set.put(component.getName().equals("lifetime") ? "for"
						: DataObjectPropertyName.toDashedForm(component.getName()), value);
			}
		}
		return set;
	}

	/**
	 * Whom a rate is for.
	 */
	public enum Scope {

		/** Each connection has it. */
		CONNECTION,

		/** All connections of the server share it. */
		SERVER

	}

}
