package dev.socketecho.benchmark;

/**
 * How a server is loaded.
 *
 * @param connections how many connections
 * @param bytes the size of a message, its CR LF included, at least 2
 * @param outstanding how many messages are under way on each connection
 */
record Load(int connections, int bytes, int outstanding) {

	/**
	 * Reads what {@link #toString()} writes.
	 */
	static Load parse(String text) {
		String[] numbers = text.strip().split("x");
		return new Load(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]));
	}

	@Override
	public String toString() {
		return this.connections + "x" + this.bytes + "x" + this.outstanding;
	}

}
