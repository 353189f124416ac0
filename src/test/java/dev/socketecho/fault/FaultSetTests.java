package dev.socketecho.fault;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

class FaultSetTests {

	private static final InetAddress SOURCE = InetAddress.getLoopbackAddress();

	private final AtomicLong time = new AtomicLong();

	private final FaultSet empty = FaultSet.empty(this.time::get);

	@Test
	void sameSeedAndNameDrawTheSame() {
		List<Boolean> first = pattern(set(lossy("loss", 0.3, 42L)), 1000);
		assertThat(pattern(set(lossy("loss", 0.3, 42L)), 1000)).isEqualTo(first);
		assertThat(pattern(set(lossy("loss", 0.3, 43L)), 1000)).isNotEqualTo(first);
		assertThat(pattern(set(lossy("other", 0.3, 42L)), 1000)).isNotEqualTo(first);
	}

	/**
	 * What the documentation promises: these numbers may not change from one version to
	 * the next.
	 */
	@Test
	void generatorIsTheDocumentedOne() {
		assertThat(IntStream.range(0, 20).filter((n) -> new Draw(Draw.base(42, "loss"), n).nextDouble() < 0.3).boxed())
			.containsExactlyElementsOf(expected());
	}

	/**
	 * SplitMix64 and FNV-1a, written once more from their definitions.
	 */
	private static List<Integer> expected() {
		return IntStream.range(0, 20).filter((n) -> {
			long name = "loss".chars()
				.asLongStream()
				.reduce(0xcbf29ce484222325L, (hash, unit) -> (hash ^ unit) * 0x100000001b3L);
			long state = splitMix(splitMix(42 - GAMMA) ^ name, n - 1);
			return (splitMix(state - GAMMA + GAMMA, 0) >>> 11) * 0x1p-53 < 0.3;
		}).boxed().toList();
	}

	private static final long GAMMA = 0x9e3779b97f4a7c15L;

	private static long splitMix(long seed) {
		return splitMix(seed, 0);
	}

	/** The n-th number, from 0, that a generator with this seed gives. */
	private static long splitMix(long seed, long n) {
		long z = seed + (n + 1) * GAMMA;
		z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
		z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
		return z ^ (z >>> 31);
	}

	@Test
	void drawsHaveTheProbabilityThatWasAskedFor() {
		long hits = pattern(set(lossy("loss", 0.3, 7L)), 100_000).stream().filter((hit) -> hit).count();
		assertThat(hits / 100_000d).isEqualTo(0.3, offset(0.006));
	}

	@Test
	void twoFaultsAreDrawnApart() {
		FaultSet set = set(lossy("a", 0.5, 7L), lossy("b", 0.5, 7L));
		long both = IntStream.range(0, 100_000).filter((_) -> hit(set.all().get(0)) & hit(set.all().get(1))).count();
		assertThat(both / 100_000d).isEqualTo(0.25, offset(0.006));
	}

	@Test
	void firstEveryAndLifetimeAreKept() {
		FaultSet first = set(fault("some", 1, 3, 1, null));
		assertThat(pattern(first, 5)).containsExactly(true, true, true, false, false);
		FaultSet every = set(fault("some", 1, 0, 3, null));
		assertThat(pattern(every, 6)).containsExactly(false, false, true, false, false, true);
		FaultSet brief = set(fault("some", 1, 0, 1, Duration.ofSeconds(1)));
		assertThat(pattern(brief, 1)).containsExactly(true);
		this.time.addAndGet(TimeUnit.SECONDS.toNanos(1));
		assertThat(pattern(brief, 1)).containsExactly(false);
	}

	@Test
	void unitsOfOtherSourcesDoNotCount() {
		ActiveFault fault = set(
				new Fault("some", new FaultEffect.Drop(), Fault.Direction.INBOUND, Fault.Unit.MESSAGE,
						new Fault.Selection(1, 1, 1, null,
								new SourceFilter(List.of(CidrBlock.of("127.0.0.1/32")), List.of()), null)))
			.all()
			.getFirst();
		assertThat(fault.draw(address(2), 0)).isNull();
		assertThat(fault.draw(address(1), 0)).isNotNull();
		assertThat(fault.draw(address(1), 0)).isNull();
	}

	@Test
	void faultThatStaysGoesOn() {
		FaultSet first = set(lossy("loss", 0.5, 1L));
		pattern(first, 10);
		FaultSet second = first.replacedBy(List.of(lossy("loss", 0.5, 1L), lossy("more", 0.5, 1L)));
		assertThat(second.all().get(0)).isSameAs(first.all().get(0));
		FaultSet third = second.replacedBy(List.of(lossy("loss", 0.4, 1L)));
		assertThat(third.all().get(0)).isNotSameAs(first.all().get(0));
	}

	@Test
	void connectionIsDrawnOnlyForWhatIsNew() {
		FaultSet first = set(connections("a"));
		FaultSet second = first.replacedBy(List.of(connections("a"), connections("b")));
		FaultSet.Draws draws = second.draw(SOURCE, first);
		assertThat(draws.of(second.all().get(0))).isNull();
		assertThat(draws.of(second.all().get(1))).isNotNull();
	}

	@Test
	void faultsAreInTheOrderOfTheirNames() {
		assertThat(set(connections("b"), connections("c"), connections("a")).all())
			.extracting((active) -> active.fault().name())
			.containsExactly("a", "b", "c");
	}

	@Test
	void pacerKeepsTheRateOfSeveralThatShareIt() {
		Pacer pacer = new Pacer(1_000_000, 0);
		long passed = LongStream.range(0, 1000)
			.map((millisecond) -> IntStream.range(0, 100)
				.filter((_) -> pacer.take(1000, TimeUnit.MILLISECONDS.toNanos(millisecond)) == 0)
				.count() * 1000)
			.sum();
		assertThat(passed).isBetween(990_000L, 1_020_000L);
	}

	@Test
	void copiesOfCopiesMultiplyUpToALimit() {
		assertThat(this.empty.mostAnswers(SOURCE)).isEqualTo(1);
		assertThat(set(lossy("loss", 1, 1L)).mostAnswers(SOURCE)).isEqualTo(1);
		assertThat(set(duplicate("a", 1), duplicate("b", 2)).mostAnswers(SOURCE)).isEqualTo(6);
		Fault[] most = IntStream.range(0, 16).mapToObj((i) -> duplicate("f" + i, 100)).toArray(Fault[]::new);
		assertThat(set(most).mostAnswers(SOURCE)).isEqualTo(1 << 16);
	}

	private static Fault duplicate(String name, int copies) {
		return new Fault(name, new FaultEffect.Duplicate(copies), Fault.Direction.OUTBOUND, Fault.Unit.MESSAGE,
				Fault.Selection.ALL);
	}

	private FaultSet set(Fault... faults) {
		return this.empty.replacedBy(List.of(faults));
	}

	private static Fault lossy(String name, double probability, Long seed) {
		return new Fault(name, new FaultEffect.Drop(), Fault.Direction.INBOUND, Fault.Unit.MESSAGE,
				new Fault.Selection(probability, 0, 1, null, SourceFilter.ALL, seed));
	}

	private static Fault fault(String name, double probability, long first, long every, Duration lifetime) {
		return new Fault(name, new FaultEffect.Drop(), Fault.Direction.INBOUND, Fault.Unit.MESSAGE,
				new Fault.Selection(probability, first, every, lifetime, SourceFilter.ALL, null));
	}

	private static Fault connections(String name) {
		return new Fault(name, new FaultEffect.Corrupt(1), Fault.Direction.INBOUND, Fault.Unit.CONNECTION,
				Fault.Selection.ALL);
	}

	private List<Boolean> pattern(FaultSet set, int units) {
		return IntStream.range(0, units).mapToObj((_) -> hit(set.all().getFirst())).toList();
	}

	private boolean hit(ActiveFault fault) {
		return fault.draw(SOURCE, this.time.get()) != null;
	}

	private static InetAddress address(int last) {
		try {
			return InetAddress.getByAddress(new byte[] { 127, 0, 0, (byte) last });
		}
		catch (java.net.UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
