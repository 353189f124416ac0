/*
 * datagrams PORT SOCKETS OUTSTANDING SECONDS FILE WHAT: sends the file's bytes as a datagram again and again, and counts
 * the answers. These must be the same bytes if WHAT is "echo", and as many bytes if it is "stamp". Each socket has so
 * many datagrams under way, and sends when half of them have been answered. Those without an answer for 100 ms are given
 * up.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "measure.h"

#define LARGEST_WINDOW 64
#define LARGEST_SOCKETS 1024
#define SIZE 2048
#define GIVE_UP_MILLIS 100

struct sender {
	int fd;
	int under_way;
	unsigned next_send;
	unsigned next_receive;
	long long last;
	long long sent_at[LARGEST_WINDOW];
};

static struct sender senders[LARGEST_SOCKETS];
static char sent[SIZE];
static char received[LARGEST_WINDOW][SIZE];
static struct iovec out = { .iov_base = sent };
static struct iovec in[LARGEST_WINDOW];
static struct mmsghdr sends[LARGEST_WINDOW], receives[LARGEST_WINDOW];
static int window, echo;
static long answers, wrong;

static void send_some(struct sender *sender, long long time)
{
	int room = window - sender->under_way;
	if (room * 2 < window)
		return;
	int count = sendmmsg(sender->fd, sends, room, 0);
	for (int i = 0; i < count; i++)
		sender->sent_at[sender->next_send++ % window] = time;
	if (count > 0)
		sender->under_way += count;
	sender->last = time;
}

static void receive(struct sender *sender)
{
	int count = recvmmsg(sender->fd, receives, window, MSG_DONTWAIT, NULL);
	long long time = now();
	for (int i = 0; i < count; i++) {
		answers++;
		if (receives[i].msg_len != out.iov_len || (echo && memcmp(received[i], sent, out.iov_len)))
			wrong++;
		if (sender->under_way > 0) { /* else it had been given up */
			sender->under_way--;
			record(time - sender->sent_at[sender->next_receive++ % window]);
		}
	}
	send_some(sender, time);
}

/* What is under way on sockets that have had no answer for too long counts as wrong. */
static void give_up(int sockets, long long time)
{
	for (int i = 0; i < sockets; i++) {
		struct sender *sender = &senders[i];
		if (time - sender->last > GIVE_UP_MILLIS * 1000000LL) {
			wrong += sender->under_way;
			sender->under_way = 0;
			sender->next_receive = sender->next_send;
			send_some(sender, time);
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 7)
		return 2;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])) };
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int sockets = atoi(argv[2]);
	window = atoi(argv[3]);
	FILE *file = fopen(argv[5], "rb");
	if (!file || sockets < 1 || sockets > LARGEST_SOCKETS || window < 1 || window > LARGEST_WINDOW)
		return 2;
	out.iov_len = fread(sent, 1, SIZE, file);
	fclose(file);
	echo = !strcmp(argv[6], "echo");
	for (int i = 0; i < window; i++) {
		in[i] = (struct iovec) { received[i], SIZE };
		sends[i].msg_hdr = (struct msghdr) { .msg_iov = &out, .msg_iovlen = 1 };
		receives[i].msg_hdr = (struct msghdr) { .msg_iov = &in[i], .msg_iovlen = 1 };
	}
	int epoll = epoll_create1(0);
	long long start = now(), end = start + (long long) (atof(argv[4]) * 1e9), swept = start, time = start;
	for (int i = 0; i < sockets; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &senders[i] };
		senders[i].fd = socket(AF_INET, SOCK_DGRAM, 0);
		if (connect(senders[i].fd, (struct sockaddr *) &address, sizeof address)
				|| epoll_ctl(epoll, EPOLL_CTL_ADD, senders[i].fd, &event)) {
			perror("datagrams");
			return 1;
		}
		send_some(&senders[i], now());
	}
	struct epoll_event events[512];
	while (time < end) {
		int ready = epoll_wait(epoll, events, 512, GIVE_UP_MILLIS);
		for (int i = 0; i < ready; i++)
			receive(events[i].data.ptr);
		time = now();
		if (time - swept > GIVE_UP_MILLIS * 1000000LL) {
			give_up(sockets, time);
			swept = time;
		}
	}
	report(answers, time - start, wrong);
	return 0;
}
