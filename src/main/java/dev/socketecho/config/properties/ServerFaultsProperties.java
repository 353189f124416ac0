package dev.socketecho.config.properties;

import java.util.Map;

import dev.socketecho.codec.Framing;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/**
 * The faults of a server that exists already, for validation: what is set over HTTP
 * follows the rules of the configuration.
 *
 * @param faults the faults by name
 * @param streamFraming the framing of a TCP server; {@code null} for UDP
 */
@FaultsFit
public record ServerFaultsProperties(Map<String, @Valid FaultProperties> faults,
		@Nullable Framing streamFraming) implements FaultsFit.Faulty {
}
