package dev.socketecho.transport.address;

import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link TargetPattern}.
 */
class TargetPatternTests {

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			*.example.org       ; a.example.org     ; true
			*.example.org       ; A.EXAMPLE.ORG.    ; true
			*.example.org       ; example.org       ; false
			*                   ; any.example       ; true
			*                   ; 10.0.0.1          ; false
			*                   ; ::1               ; false
			*                   ; 127.1             ; false
			a*                  ; a::1              ; false
			10.0.0.0/8          ; 10.1.2.3          ; true
			10.0.0.0/8          ; 10.evil.example   ; false
			10.0.0.0/8          ; 11.0.0.1          ; false
			192.0.2.1           ; 192.0.2.1         ; true
			192.0.2.1           ; 192.0.2.2         ; false
			::1                 ; 0:0:0:0:0:0:0:1   ; true
			2001:db8::/32       ; 2001:db8::5       ; true
			10.0.0.1/8          ; 10.1.2.3          ; true
			10.0.0.0/8          ; ::ffff:10.1.2.3   ; true
			[::1]/128           ; ::1               ; true
			::/0                ; 10.0.0.1          ; false
			b?.example,10.0.0.1 ; 10.0.0.1          ; true
			""")
	void contains(String patterns, String host, boolean expected) {
		assertThat(Stream.of(patterns.split(",")).map(TargetPattern::of).anyMatch((pattern) -> pattern.matches(host)))
			.isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.*", "10.0.0.?", "*.1", "0x7f.*", "10.0.0", "fe80::*", "10.0.0.0/33",
			"::ffff:10.0.0.0/24", "a/b", "a b", "" })
	void refuses(String pattern) {
		assertThatIllegalArgumentException().isThrownBy(() -> TargetPattern.of(pattern))
			.withMessageContaining("'" + pattern + "'");
	}

}
