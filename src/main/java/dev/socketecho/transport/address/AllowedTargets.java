package dev.socketecho.transport.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;

/**
 * The hosts that {@code /probe} may reach besides the clients' own. A name is held
 * against the globs only, never looked up and held against the CIDRs: what it resolves to
 * may be another address a moment later.
 */
public final class AllowedTargets {

	/** Digits, dots and wildcards, with a digit; {@code 0x7f.1} among them. */
	private static final Pattern ADDRESS_LIKE = Pattern.compile("(?=.*[0-9])[0-9.*?]+|0[xX][0-9a-fA-F.xX*?]*");

	private final List<Pattern> globs = new ArrayList<>();

	private final List<IpSubnetFilterRule> networks = new ArrayList<>();

	/**
	 * Creates an instance.
	 * @param patterns host globs, in which {@code *} stands for any characters and
	 * {@code ?} for one, CIDRs and addresses. A glob is for names: it matches no address,
	 * and one that looks like an address is a mistake
	 * @throws IllegalArgumentException if one is none of these, or such a mistake
	 */
	public AllowedTargets(List<String> patterns) {
		for (String pattern : patterns) {
			InetAddress address = NetUtil.createInetAddressFromIpAddressString(pattern);
			int slash = pattern.indexOf('/');
			if (address != null) {
				this.networks.add(new IpSubnetFilterRule(address, address.getAddress().length * Byte.SIZE,
						IpFilterRuleType.ACCEPT));
			}
			else if (slash >= 0) {
				this.networks.add(network(pattern, slash));
			}
			else {
				this.globs.add(glob(pattern));
			}
		}
	}

	/**
	 * Tells whether a host may be probed.
	 * @param host a valid IP literal or host name
	 * @return whether a pattern has it
	 */
	public boolean contains(String host) {
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
		if (address != null) {
			return this.networks.stream().anyMatch((network) -> network.matches(new InetSocketAddress(address, 0)));
		}
		String name = host.toLowerCase(Locale.ROOT);
		String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
		// Digits and dots only are no name: some resolvers take "127.1" for an address.
		return !isAddressLike(plain) && this.globs.stream().anyMatch((glob) -> glob.matcher(plain).matches());
	}

	/**
	 * Tells whether a pattern, or a host, looks like addresses, which no glob matches.
	 * @param text a pattern that is no address and no CIDR, or a host
	 * @return whether it is no name
	 */
	public static boolean isAddressLike(String text) {
		return ADDRESS_LIKE.matcher(text).matches();
	}

	private static IllegalArgumentException neither(String pattern) {
		return new IllegalArgumentException(
				"'%s' is neither a host glob, nor an address, nor a CIDR".formatted(pattern));
	}

	private static Pattern glob(String pattern) {
		if (!pattern.matches("[A-Za-z0-9_.*?-]+")) {
			throw neither(pattern);
		}
		if (isAddressLike(pattern)) {
			throw new IllegalArgumentException(
					"'%s' is a glob of addresses, which no glob matches (expected: a CIDR)".formatted(pattern));
		}
		StringBuilder regex = new StringBuilder();
		for (char c : pattern.toLowerCase(Locale.ROOT).toCharArray()) {
			regex.append((c == '*') ? ".*" : (c == '?') ? "." : Pattern.quote(String.valueOf(c)));
		}
		return Pattern.compile(regex.toString());
	}

	private static IpSubnetFilterRule network(String pattern, int slash) {
		var address = NetUtil.createInetAddressFromIpAddressString(pattern.substring(0, slash));
		String prefix = pattern.substring(slash + 1);
		if (address == null || !prefix.matches("[0-9]{1,3}")
				|| Integer.parseInt(prefix) > address.getAddress().length * 8) {
			throw neither(pattern);
		}
		return new IpSubnetFilterRule(address, Integer.parseInt(prefix), IpFilterRuleType.ACCEPT);
	}

}
