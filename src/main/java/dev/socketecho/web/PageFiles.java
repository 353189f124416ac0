package dev.socketecho.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;

/**
 * The files of the page, from {@code static} in the class path, held in memory. Only
 * these are served: a path is a key, never a name of a file.
 */
final class PageFiles {

	private static final MediaType SCRIPT = utf8("text/javascript");

	private static final Map<String, MediaType> TYPES = Map.of("index.html", utf8("text/html"), "page/page.css",
			utf8("text/css"), "page/page.js", SCRIPT, "page/dom.js", SCRIPT, "page/format.js", SCRIPT, "page/tables.js",
			SCRIPT, "page/charts.js", SCRIPT, "page/actions.js", SCRIPT, "page/load.js", SCRIPT, "page/icon.svg",
			utf8("image/svg+xml"));

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
