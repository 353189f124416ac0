package dev.socketecho.transport.tcp;

import java.util.Map;
import java.util.function.UnaryOperator;

import dev.socketecho.codec.Framing;
import org.junit.jupiter.api.Test;

import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.handler.AbstractReplyProducingMessageHandler;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.dsl.Tcp;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which connection an answer goes to.
 */
class NettyTcpSendingMessageHandlerTests {

	@Test
	void answerWithTheHeadersOfItsConnectionGoesThere() {
		assertEachGetsItsOwn((message) -> new GenericMessage<>(message.getPayload(), message.getHeaders()));
	}

	@Test
	void answerWithOtherHeadersGoesToTheConnectionThatTheyName() {
		assertEachGetsItsOwn((message) -> new GenericMessage<>(message.getPayload(),
				Map.of(IpHeaders.CONNECTION_ID, message.getHeaders().get(IpHeaders.CONNECTION_ID))));
	}

	@Test
	void answerWithoutConnectionIsAnErrorOfTheFlow() {
		try (TestServer server = server((message) -> new GenericMessage<>(message.getPayload()));
				TestClient client = server.connect()) {
			client.send("a\n").awaitEnd();
			assertThat(server.recorder.errors).hasSize(1);
		}
	}

	private static void assertEachGetsItsOwn(UnaryOperator<Message<?>> answer) {
		try (TestServer server = server(answer);
				TestClient one = server.connect();
				TestClient other = server.connect()) {
			assertThat(one.send("one\n").read(4)).isEqualTo("one\n");
			assertThat(other.send("other\n").read(6)).isEqualTo("other\n");
			assertThat(one.send("again\n").read(6)).isEqualTo("again\n");
		}
	}

	private static TestServer server(UnaryOperator<Message<?>> answer) {
		return TestServer.start(Framing.LINE,
				(spec) -> spec.flow = (factory) -> IntegrationFlow.from(Tcp.inboundAdapter(factory))
					.handle(new Answering(answer))
					.handle(new NettyTcpSendingMessageHandler(factory))
					.get());
	}

	/**
	 * Answers with the headers that it is given, and no others.
	 */
	private static final class Answering extends AbstractReplyProducingMessageHandler {

		private final UnaryOperator<Message<?>> answer;

		Answering(UnaryOperator<Message<?>> answer) {
			this.answer = answer;
		}

		@Override
		protected Object handleRequestMessage(Message<?> message) {
			return this.answer.apply(message);
		}

		@Override
		protected boolean shouldCopyRequestHeaders() {
			return false;
		}

	}

}
