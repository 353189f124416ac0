package dev.socketecho.transport.tcp;

import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnection;
import org.springframework.integration.ip.tcp.connection.TcpMessageMapper;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * Maps frames to messages and back, for {@link NettyTcpConnection}. Builds no headers per
 * message: all messages of a connection share its {@link ConnectionHeaders}. Outbound, a
 * payload may also be a {@code byte[]} or {@code String}, as with the stock mapper.
 */
final class NettyTcpMessageMapper extends TcpMessageMapper {

	@Override
	public @Nullable Message<?> toMessage(TcpConnection connection, @Nullable Map<String, Object> headers) {
		Object payload = connection.getPayload();
		if (headers == null && payload != null && connection instanceof NettyTcpConnection nettyConnection) {
			return new GenericMessage<>(payload, nettyConnection.messageHeaders());
		}
		return super.toMessage(connection, headers);
	}

	@Override
	public Object fromMessage(Message<?> message) {
		Object payload = message.getPayload();
		if (payload instanceof ByteBufHolder || payload instanceof ByteBuf) {
			return payload;
		}
		byte[] bytes = (byte[]) super.fromMessage(message);
		return (bytes != null) ? Unpooled.wrappedBuffer(bytes) : Unpooled.EMPTY_BUFFER;
	}

}
