/*
 * The least that a UDP echo server costs on this kernel: one thread that waits for datagrams and sends as many back, each
 * with one call. Prints the port, which the kernel picks.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>

#define BATCH 64
#define SIZE 65536

static char data[BATCH][SIZE];
static struct sockaddr_in peers[BATCH];
static struct iovec parts[BATCH];
static struct mmsghdr messages[BATCH];

int main(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(fd, (struct sockaddr *) &address, length) || getsockname(fd, (struct sockaddr *) &address, &length)) {
		perror("udpfloor");
		return 1;
	}
	printf("port=%d\n", ntohs(address.sin_port));
	fflush(stdout);
	for (;;) {
		for (int i = 0; i < BATCH; i++) {
			parts[i] = (struct iovec) { data[i], SIZE };
			messages[i].msg_hdr = (struct msghdr) { .msg_name = &peers[i], .msg_namelen = sizeof peers[i],
				.msg_iov = &parts[i], .msg_iovlen = 1 };
		}
		int count = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);
		for (int i = 0; i < count; i++)
			parts[i].iov_len = messages[i].msg_len;
		for (int sent = 0; sent < count;) {
			int n = sendmmsg(fd, messages + sent, count - sent, 0);
			sent += n > 0 ? n : 1;
		}
	}
}
