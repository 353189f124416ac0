package dev.socketecho.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;

/**
 * The files of the page, from {@code static} in the class path, held in memory. Only
 * these are served: a path is a key, never a name of a file.
 */
final class PageFiles {

	private static final List<String> SCRIPTS = List.of("page", "dom", "format", "tables", "charts", "actions", "load",
			"calls");

	private static final Map<String, MediaType> TYPES = types();

	private final Map<String, PageFile> files = new TreeMap<>();

	/**
	 * Reads the files.
	 */
	PageFiles() {
		TYPES.forEach((name, type) -> this.files.put("/" + name, read(name, type)));
		this.files.put("/", this.files.get("/index.html"));
	}

	/**
	 * Tells whether a path is that of a file of the page.
	 * @param path a path of HTTP
	 */
	static boolean has(String path) {
		return path.equals("/") || TYPES.containsKey(path.substring(1));
	}

	@Nullable PageFile find(String path) {
		return this.files.get(path);
	}

	private static Map<String, MediaType> types() {
		Map<String, MediaType> types = new TreeMap<>();
		types.put("index.html", utf8("text/html"));
		types.put("page/page.css", utf8("text/css"));
		types.put("page/icon.svg", utf8("image/svg+xml"));
		SCRIPTS.forEach((script) -> types.put("page/" + script + ".js", utf8("text/javascript")));
		return types;
	}

	private static PageFile read(String name, MediaType type) {
		try (InputStream stream = PageFiles.class.getResourceAsStream("/static/" + name)) {
			if (stream == null) {
				throw new IllegalStateException("static/" + name + " is missing");
			}
			byte[] bytes = stream.readAllBytes();
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
			return new PageFile(type, bytes, '"' + HexFormat.of().formatHex(hash, 0, 8) + '"');
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MediaType utf8(String type) {
		return MediaType.parseMediaType(type + ";charset=UTF-8");
	}

	/**
	 * A file.
	 *
	 * @param type its media type
	 * @param bytes its content
	 * @param etag tells versions of it apart (RFC 9110, 8.8.3)
	 */
	record PageFile(MediaType type, byte[] bytes, String etag) {
	}

}
