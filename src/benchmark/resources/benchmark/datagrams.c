/*
 * datagrams PORT SECONDS FILE: sends the file's bytes as a datagram again and again, and counts the answers, which must
 * have its length. Up to 64 are under way; 32 or more are sent at a time. Those without an answer after 20 ms are given
 * up.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define WINDOW 64
#define SIZE 2048

static char sent[SIZE];
static char received[WINDOW][SIZE];

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    FILE *file = fopen(argv[3], "rb");
    if (!file)
        return 2;
    size_t length = fread(sent, 1, SIZE, file);
    fclose(file);
    double seconds = atof(argv[2]);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (connect(fd, (struct sockaddr *) &address, sizeof address))
        return 1;
    struct iovec out = { sent, length };
    struct iovec in[WINDOW];
    struct mmsghdr sends[WINDOW], receives[WINDOW];
    memset(sends, 0, sizeof sends);
    memset(receives, 0, sizeof receives);
    for (int i = 0; i < WINDOW; i++) {
        sends[i].msg_hdr.msg_iov = &out;
        sends[i].msg_hdr.msg_iovlen = 1;
        in[i] = (struct iovec) { received[i], SIZE };
        receives[i].msg_hdr.msg_iov = &in[i];
        receives[i].msg_hdr.msg_iovlen = 1;
    }
    long answers = 0, wrong = 0, lost = 0;
    int under_way = 0;
    double begin = now(), elapsed;
    do {
        int room = WINDOW - under_way;
        if (room >= WINDOW / 2) {
            int count = sendmmsg(fd, sends, room, 0);
            if (count > 0)
                under_way += count;
        }
        struct pollfd readable = { fd, POLLIN, 0 };
        if (poll(&readable, 1, 20) == 0) {
            lost += under_way;
            under_way = 0;
        }
        int count = recvmmsg(fd, receives, WINDOW, MSG_DONTWAIT, 0);
        for (int i = 0; i < count; i++)
            if (receives[i].msg_len != length)
                wrong++;
        if (count > 0) {
            answers += count;
            under_way = count < under_way ? under_way - count : 0;
        }
        elapsed = now() - begin;
    } while (elapsed < seconds);
    printf("answers=%ld seconds=%f lost=%ld wrong=%ld\n", answers, elapsed, lost, wrong);
    return 0;
}
