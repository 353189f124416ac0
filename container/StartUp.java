import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the time from the start of the process to the first 200 of readiness, the CPU
 * time until then and the resident memory 3 s later, of several commands in turn:
 *
 * <pre>
 * java container/StartUp.java 10 plain="java -jar target/socket-echo.jar" other="..."
 * </pre>
 *
 * Prints a Markdown table of medians, and the ratio of each time to that of the first.
 */
class StartUp {

	public static void main(String[] args) throws Exception {
		int rounds = Integer.parseInt(args[0]);
		Map<String, List<String>> commands = new LinkedHashMap<>();
		Map<String, List<double[]>> figures = new LinkedHashMap<>();
		for (String arg : Arrays.copyOfRange(args, 1, args.length)) {
			String[] named = arg.split("=", 2);
			commands.put(named[0], List.of(named[1].trim().split("\\s+")));
			figures.put(named[0], new ArrayList<>());
		}
		for (int round = 0; round < rounds; round++) {
			for (Map.Entry<String, List<String>> command : commands.entrySet()) {
				figures.get(command.getKey()).add(measure(command.getValue()));
			}
		}
		System.out.printf("| | ready, ms (lowest to highest) | ratio | CPU, ms | resident, MB |%n|---|--:|--:|--:|--:|%n");
		double yardstick = 0;
		for (Map.Entry<String, List<double[]>> figure : figures.entrySet()) {
			double[] ready = column(figure.getValue(), 0);
			double median = median(ready);
			yardstick = (yardstick != 0) ? yardstick : median;
			System.out.printf("| %s | %.0f (%.0f to %.0f) | %.2f | %.0f | %.0f |%n", figure.getKey(), median, ready[0],
					ready[ready.length - 1], median / yardstick, median(column(figure.getValue(), 1)),
					median(column(figure.getValue(), 2)));
		}
	}

	private static double[] measure(List<String> command) throws Exception {
		File log = File.createTempFile("start-up", ".log");
		try (Service service = new Service(log, command)) {
			double ready = service.awaitReady();
			double cpu = service.process().info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
			Thread.sleep(3000);
			double resident = resident(service.process().pid());
			Service.expect("143", Integer.toString(service.terminate()));
			return new double[] { ready, cpu, resident };
		}
		finally {
			log.delete();
		}
	}

	private static double resident(long pid) throws Exception {
		return Files.readAllLines(Path.of("/proc/" + pid + "/status"))
			.stream()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToDouble((line) -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
			.findFirst()
			.orElseThrow();
	}

	private static double[] column(List<double[]> rows, int column) {
		return rows.stream().mapToDouble((row) -> row[column]).sorted().toArray();
	}

	private static double median(double[] sorted) {
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

}
