package dev.socketecho.codec;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FramesTests {

	@Test
	void sharesReferenceCountOfFramesWithTheirContent() {
		ByteBuf content = Unpooled.copiedBuffer("a\nb\n", StandardCharsets.US_ASCII);
		Frames frames = new Frames(content, 2);
		assertThat(frames.retain()).isSameAs(frames);
		assertThat(content.refCnt()).isEqualTo(2);
		assertThat(frames.release()).isFalse();
		assertThat(frames.release()).isTrue();
		assertThat(content.refCnt()).isZero();
	}

	@Test
	void keepsCountOfFramesInCopies() {
		Frames frames = new Frames(Unpooled.copiedBuffer("a\nb\n", StandardCharsets.US_ASCII), 2);
		Frames copy = (Frames) frames.copy();
		assertThat(copy.count()).isEqualTo(2);
		assertThat(copy).isEqualTo(frames).hasSameHashCodeAs(frames);
		assertThat(((Frames) frames.duplicate()).count()).isEqualTo(2);
		assertThat(frames.replace(frames.content())).isEqualTo(frames);
		assertThat(new Frames(frames.content(), 1)).isNotEqualTo(frames);
		copy.release();
		frames.release();
	}

}
