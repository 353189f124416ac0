package dev.socketecho.transport.address;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that {@code /probe} may reach: a block of addresses, or a glob of names, in which
 * {@code *} stands for any characters and {@code ?} for one. Immutable.
 * <p>
 * A name is compared with globs only. It is never looked up and compared with blocks: it
 * may resolve to another address a moment later.
 */
public final class TargetPattern {

	/** Digits, dots and wildcards, with a digit; {@code 0x7f.1} too. */
	private static final Pattern ADDRESS_LIKE = Pattern.compile("(?=.*[0-9])[0-9.*?]+|0[xX][0-9a-fA-F.xX*?]*");

	private static final Pattern GLOB = Pattern.compile("[A-Za-z0-9_.*?-]+");

	/** The addresses; {@code null} for a glob. */
	private final @Nullable CidrBlock block;

	/** What names must match, in lower case; {@code null} for a block. */
	private final @Nullable Pattern glob;

	private TargetPattern(@Nullable CidrBlock block, @Nullable Pattern glob) {
		this.block = block;
		this.glob = glob;
	}

	/**
	 * Parses a pattern. Spring's conversion of properties calls this.
	 * @param text a CIDR block, whose bits beyond the prefix do not count, an address or
	 * a glob
	 * @return the pattern
	 * @throws IllegalArgumentException if the text is none of these, or a glob that looks
	 * like addresses, which would match nothing
	 */
	public static TargetPattern of(String text) {
		CidrBlock block = CidrBlock.parse(text, false);
		if (block != null) {
			return new TargetPattern(block, null);
		}
		if (!GLOB.matcher(text).matches()) {
			throw new IllegalArgumentException(
					"'%s' must be a host name, in which '*' and '?' stand for any characters, an address or a CIDR"
						.formatted(text));
		}
		if (isAddressLike(text)) {
			throw new IllegalArgumentException(
					"'%s' is a glob of addresses, but a glob matches names only (expected: a CIDR, such as 10.0.0.0/8)"
						.formatted(text));
		}
		StringBuilder regex = new StringBuilder();
		for (char c : text.toLowerCase(Locale.ROOT).toCharArray()) {
			regex.append((c == '*') ? ".*" : (c == '?') ? "." : Pattern.quote(String.valueOf(c)));
		}
		return new TargetPattern(null, Pattern.compile(regex.toString()));
	}

	/**
	 * Tells whether a host matches. {@code /probe} calls this for each request.
	 * @param host a valid IP literal or host name
	 * @return whether it matches
	 */
	public boolean matches(String host) {
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
		if (address != null) {
			return this.block != null && this.block.contains(address);
		}
		String name = host.toLowerCase(Locale.ROOT);
		String withoutDot = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
		// Some resolvers take digits and dots, such as "127.1", as an address.
		return this.glob != null && !isAddressLike(withoutDot) && this.glob.matcher(withoutDot).matches();
	}

	private static boolean isAddressLike(String text) {
		return ADDRESS_LIKE.matcher(text).matches();
	}

}
