package dev.socketecho.soak;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The wall clock of another process, which can be set: a library is loaded into it before
 * all others that adds an offset to the kernel's time. It reads the offset from memory
 * that it shares with this process. CLOCK_MONOTONIC is not changed.
 */
final class WallClock {

	private final Path library;

	private final Path offsetFile;

	private final MappedByteBuffer offset;

	private WallClock(Path library, Path offsetFile, MappedByteBuffer offset) {
		this.library = library;
		this.offsetFile = offsetFile;
		this.offset = offset;
	}

	/**
	 * Compiles the library.
	 * @param build where to
	 * @param directory where the offset is shared
	 * @return a clock that is right, {@code null} if there is no C compiler
	 * @throws IllegalStateException if there is one and it refuses the source
	 */
	static @Nullable WallClock compile(Path build, Path directory) throws Exception {
		Path library = build.resolve("wall-clock.so").toAbsolutePath();
		Process compiler;
		try {
			compiler = new ProcessBuilder(List.of("cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O2", "-shared",
					"-fPIC", "-Wl,-z,defs", "-o", library.toString(), source().toString()))
				.redirectErrorStream(true)
				.start();
		}
		catch (IOException ex) {
			return null;
		}
		String said = new String(compiler.getInputStream().readAllBytes());
		if (compiler.waitFor() != 0) {
			throw new IllegalStateException("cc: " + said);
		}
		Path offsetFile = Files.write(directory.resolve("wall-clock-offset"), new byte[Long.BYTES]);
		try (FileChannel file = FileChannel.open(offsetFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			MappedByteBuffer offset = file.map(MapMode.READ_WRITE, 0, Long.BYTES);
			offset.order(ByteOrder.nativeOrder());
			return new WallClock(library, offsetFile, offset);
		}
	}

	private static Path source() throws URISyntaxException {
		URL source = WallClock.class.getResource("/soak/wall-clock.c");
		return Path.of(Objects.requireNonNull(source).toURI());
	}

	/**
	 * The environment variables that the process needs.
	 */
	Map<String, String> environment() {
		return Map.of("LD_PRELOAD", this.library.toString(), "WALL_CLOCK_OFFSET", this.offsetFile.toString());
	}

	/**
	 * Sets the clock.
	 * @param ahead of this process's
	 */
	void set(Duration ahead) {
		this.offset.putLong(0, ahead.toNanos());
	}

}
