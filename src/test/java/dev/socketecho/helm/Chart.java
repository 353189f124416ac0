package dev.socketecho.helm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;

import org.springframework.util.FileSystemUtils;

/**
 * The chart, rendered by Helm's own engine. A copy of it is rendered in which the pod of
 * {@code helm test} is no hook: Helm leaves hooks out of what {@code helm template}
 * prints.
 */
final class Chart implements AutoCloseable {

	static final Path DIRECTORY = Path.of("helm", "socket-echo");

	/** The release's name in all renders. */
	static final String RELEASE = "r";

	static final String FULL_NAME = "r-socket-echo";

	private final Path copy;

	private Chart(Path copy) {
		this.copy = copy;
	}

	/**
	 * Copies the chart into a new directory, which ends with {@link #close()}.
	 */
	static Chart copy() {
		try (Stream<Path> files = Files.walk(DIRECTORY)) {
			Path copy = Files.createTempDirectory("chart").resolve("chart");
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				Path target = copy.resolve(DIRECTORY.relativize(file));
				Files.createDirectories(target.getParent());
				Files.writeString(target, Files.readString(file).replace("helm.sh/hook: test", "not-a-hook: test"));
			}
			return new Chart(copy);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The values files that the chart is tested with.
	 */
	static List<Path> valuesFiles() {
		try (Stream<Path> files = Files.list(DIRECTORY.resolve("ci"))) {
			return files.sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Path valuesFile(String name) {
		return DIRECTORY.resolve("ci").resolve(name + "-values.yaml");
	}

	static LintResult lint() {
		return new Helm(DIRECTORY.toAbsolutePath()).lint().strict().call();
	}

	/**
	 * Renders with a file of values.
	 */
	Manifests render(Path valuesFile) {
		return Manifests.parse(template().withValuesFile(valuesFile.toAbsolutePath()).call());
	}

	/**
	 * Renders with values as YAML.
	 * @throws IllegalStateException with Helm's message, if it does not render
	 */
	Manifests render(String values) throws IOException {
		Path file = Files.createTempFile(this.copy.getParent(), "values", ".yaml");
		return render(Files.writeString(file, values));
	}

	/**
	 * Renders with no values, and with each of the files that the chart is tested with.
	 */
	Stream<Manifests> renders() throws IOException {
		return Stream.concat(Stream.of(render("{}")), valuesFiles().stream().map(this::render));
	}

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.copy.getParent());
	}

	private TemplateCommand template() {
		return new Helm(this.copy).template().withName(RELEASE).withNamespace("space").withKubeVersion("v1.34.0");
	}

}
