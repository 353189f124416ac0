/*
 * churn PORT CONCURRENCY SECONDS: connections that carry one message of 64 bytes. Each is opened, written to, read from
 * until the echo is complete and as it was sent, and closed; another one follows. They go to a hundred loopback
 * addresses in turn, since those that have ended keep their pair of ports for a minute.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "measure.h"

#define SIZE 64
#define ADDRESSES 100
#define DESCRIPTORS 20000

static char message[SIZE];
static int received[DESCRIPTORS];
static long long opened_at[DESCRIPTORS];
static unsigned next_address;
static long failed;

static void open_one(int epoll, int port)
{
	int on = 1;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK + next_address++ % ADDRESSES);
	long long start = now();
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	if (fd < 0 || fd >= DESCRIPTORS || connect(fd, (struct sockaddr *) &to, sizeof to)
			|| setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) || send(fd, message, SIZE, MSG_NOSIGNAL) != SIZE
			|| epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)) {
		perror("churn");
		exit(1);
	}
	received[fd] = 0;
	opened_at[fd] = start;
}

/* Whether the connection is done with. */
static int read_one(int fd)
{
	char input[SIZE];
	ssize_t n = recv(fd, input, SIZE - received[fd], MSG_DONTWAIT);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0 || memcmp(input, message + received[fd], n)) {
		failed++;
		return 1;
	}
	received[fd] += n;
	return received[fd] == SIZE;
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	int port = atoi(argv[1]), concurrency = atoi(argv[2]), epoll = epoll_create1(0);
	for (int i = 0; i < SIZE; i++)
		message[i] = 'a' + i % 26;
	memcpy(message + SIZE - 2, "\r\n", 2);
	long long start = now(), end = start + (long long) (atof(argv[3]) * 1e9);
	for (int i = 0; i < concurrency; i++)
		open_one(epoll, port);
	long done = 0;
	struct epoll_event events[512];
	long long time = start;
	while (time < end) {
		int ready = epoll_wait(epoll, events, 512, 1000);
		if (ready == 0) {
			fprintf(stderr, "churn: no answer for a second\n");
			return 1;
		}
		for (int i = 0; i < ready; i++) {
			int fd = events[i].data.fd;
			if (!read_one(fd))
				continue;
			close(fd);
			time = now();
			record(time - opened_at[fd]);
			done++;
			open_one(epoll, port);
		}
	}
	report(done, time - start, failed);
	return 0;
}
