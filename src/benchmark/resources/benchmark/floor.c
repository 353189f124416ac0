/*
 * The least that a TCP echo server costs on this kernel: one thread, one epoll, no framing, no limits, no counters.
 * Prints the port, which the kernel picks. What a peer does not take at once is waited for: no queue in memory.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[1 << 18];

static int watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void accept_all(int epoll, int listener)
{
	int on = 1;
	for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		if (watch(epoll, fd))
			close(fd);
	}
}

static int send_all(int fd, ssize_t length)
{
	for (ssize_t sent = 0; sent < length;) {
		ssize_t n = send(fd, buffer + sent, length - sent, MSG_NOSIGNAL);
		if (n >= 0) {
			sent += n;
		}
		else if (errno == EAGAIN) {
			struct pollfd writable = { .fd = fd, .events = POLLOUT };
			poll(&writable, 1, -1);
		}
		else {
			return -1;
		}
	}
	return 0;
}

int main(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (bind(listener, (struct sockaddr *) &address, length) || listen(listener, 1024)
			|| getsockname(listener, (struct sockaddr *) &address, &length)) {
		perror("floor");
		return 1;
	}
	int epoll = epoll_create1(0);
	watch(epoll, listener);
	printf("port=%d\n", ntohs(address.sin_port));
	fflush(stdout);
	for (struct epoll_event events[512];;) {
		int ready = epoll_wait(epoll, events, 512, -1);
		for (int i = 0; i < ready; i++) {
			int fd = events[i].data.fd;
			if (fd == listener) {
				accept_all(epoll, listener);
				continue;
			}
			ssize_t n = recv(fd, buffer, sizeof buffer, 0);
			if (n == 0 || (n < 0 && errno != EAGAIN) || (n > 0 && send_all(fd, n)))
				close(fd);
		}
	}
}
