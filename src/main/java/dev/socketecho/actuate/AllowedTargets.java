package dev.socketecho.actuate;

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

	private final List<Pattern> globs = new ArrayList<>();

	private final List<IpSubnetFilterRule> networks = new ArrayList<>();

	/**
	 * Creates an instance.
	 * @param patterns host globs, in which {@code *} stands for any characters and
	 * {@code ?} for one, and CIDRs
	 * @throws IllegalArgumentException if one is neither
	 */
	public AllowedTargets(List<String> patterns) {
		for (String pattern : patterns) {
			int slash = pattern.indexOf('/');
			if (slash >= 0) {
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
		String name = host.toLowerCase(Locale.ROOT);
		String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
		if (this.globs.stream().anyMatch((glob) -> glob.matcher(plain).matches())) {
			return true;
		}
		var address = NetUtil.createInetAddressFromIpAddressString(host);
		return address != null
				&& this.networks.stream().anyMatch((network) -> network.matches(new InetSocketAddress(address, 0)));
	}

	private static Pattern glob(String pattern) {
		if (!pattern.matches("[A-Za-z0-9_.:*?-]+")) {
			throw new IllegalArgumentException("'%s' is neither a host glob nor a CIDR".formatted(pattern));
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
			throw new IllegalArgumentException("'%s' is neither a host glob nor a CIDR".formatted(pattern));
		}
		return new IpSubnetFilterRule(address, Integer.parseInt(prefix), IpFilterRuleType.ACCEPT);
	}

}
