package dev.socketecho.transport.address;

import java.util.regex.Pattern;

import io.netty.util.NetUtil;

/**
 * The syntax of hosts: IP literals, and names as in RFC 1123, 2.1. Underscores are
 * allowed too, since some resolvers have names with them. Looks nothing up.
 */
public final class HostSyntax {

	private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

	private static final Pattern NAME = Pattern.compile("(?=.{1,253}\\.?$)" + LABEL + "(\\." + LABEL + ")*\\.?");

	private HostSyntax() {
	}

	/**
	 * Tells whether a text can be a host, by its characters and lengths.
	 * @param host what may be a host
	 * @return whether it is an IP literal or can be a host name
	 */
	public static boolean isValid(String host) {
		return isLiteral(host) || (NAME.matcher(host).matches() && !host.matches("[0-9.]+"));
	}

	private static boolean isLiteral(String host) {
		return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
	}

}
