/*
 * The least that a proxy on epoll has to ask of Linux, as a measure for those that do more: no sessions, no script, no
 * deadlines, no log. It accepts, looks at the first bytes for one of three destinations, connects, and passes bytes and
 * ends on, in both directions, as they come.
 *
 * floor PORT HTTP_PORT IDLE_PORT BULK_PORT
 *
 * A side is registered once, edge-triggered. A read that did not fill the buffer is the last for now, and the end is known
 * from EPOLLRDHUP, without a read that says 0.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 512 * 1024, EVENTS = 512 };

struct side {
  struct side *other; /* none before there is a backend */
  char *left;         /* what was read and the other side did not take */
  size_t length;
  int fd;
  int readable, ended, passed, closed;
};

static int epoll;
static int listener;
static struct sockaddr_in backends[3];
static char buffer[ROOM];
static struct side *garbage[2 * EVENTS];
static int thrown;

static struct sockaddr_in loopback(const char *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short) atoi(port))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static struct side *add(int fd) {
  struct side *side = calloc(1, sizeof *side);
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = side};
  if (side == NULL || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
    perror("floor");
    exit(1);
  }
  side->fd = fd;
  return side;
}

/* Freed after the batch: an event of it may still be to come. */
static void drop(struct side *side) {
  if (side != NULL && !side->closed) {
    side->closed = 1;
    close(side->fd);
    garbage[thrown++] = side;
  }
}

static void end(struct side *side) {
  struct side *other = side->other;
  drop(side);
  drop(other);
}

static struct sockaddr_in *route(const char *bytes, size_t length) {
  if (length > 36 && bytes[36] == 0) {
    return &backends[2];
  }
  return memmem(bytes, length, "\nHost: idle.", 12) != NULL ? &backends[1] : &backends[0];
}

static int dial(struct side *client, size_t length) {
  struct sockaddr_in *address = route(buffer, length);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return -1;
  }
  if (connect(fd, (struct sockaddr *) address, sizeof *address) != 0 && errno != EINPROGRESS) {
    close(fd);
    return -1;
  }
  client->other = add(fd);
  client->other->other = client;
  return 0;
}

/* Returns whether all was taken. */
static int give(struct side *from, char *bytes, size_t length) {
  ssize_t sent = send(from->other->fd, bytes, length, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN && errno != ENOTCONN) {
      return -1;
    }
    sent = 0;
  }
  if ((size_t) sent == length) {
    return 1;
  }
  char *left = malloc(length - sent);
  if (left == NULL) {
    return -1;
  }
  memcpy(left, bytes + sent, length - sent);
  free(from->left);
  from->left = left;
  from->length = length - sent;
  return 0;
}

/* Returns -1 where the pair is to be closed. */
static int pass(struct side *from) {
  int taken = 1;
  if (from->left != NULL) {
    char *left = from->left;
    from->left = NULL;
    taken = give(from, left, from->length);
    free(left);
  }
  while (taken == 1 && from->readable) {
    ssize_t length = recv(from->fd, buffer, sizeof buffer, 0);
    if (length < 0) {
      from->readable = 0;
      if (errno != EAGAIN) {
        return -1;
      }
      break;
    }
    if (length == 0) {
      from->readable = 0;
      from->ended = 1;
      break;
    }
    from->readable = length == sizeof buffer || from->ended;
    if (from->other == NULL && dial(from, length) != 0) {
      return -1;
    }
    /* A short read behind EPOLLRDHUP has it all. */
    if (from->ended && length < (ssize_t) sizeof buffer) {
      from->readable = 0;
    }
    taken = give(from, buffer, length);
  }
  if (taken < 0) {
    return -1;
  }
  if (from->ended && !from->readable && from->left == NULL && !from->passed) {
    from->passed = 1;
    if (from->other == NULL || from->other->passed) {
      return -1;
    }
    shutdown(from->other->fd, SHUT_WR);
  }
  return 0;
}

static void handle(struct side *side, unsigned events) {
  if (side->closed) {
    return;
  }
  if (events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP)) {
    side->ended = 1;
    side->readable = 1;
  }
  if (events & EPOLLIN) {
    side->readable = 1;
  }
  if ((side->readable && pass(side) != 0)
      || ((events & EPOLLOUT) && side->other != NULL && side->other->left != NULL && pass(side->other) != 0)) {
    end(side);
  }
}

static void greet(void) {
  int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) {
    struct side *side = add(fd);
    side->readable = 1;
    if (pass(side) != 0) {
      end(side);
    }
  }
}

int main(int count, char **arguments) {
  int yes = 1;
  struct rlimit files;
  struct epoll_event events[EVENTS];
  if (count != 5) {
    fprintf(stderr, "usage: floor PORT HTTP_PORT IDLE_PORT BULK_PORT\n");
    return 2;
  }
  for (int i = 0; i < 3; i++) {
    backends[i] = loopback(arguments[2 + i]);
  }
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct sockaddr_in address = loopback(arguments[1]);
  listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  epoll = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  if (bind(listener, (struct sockaddr *) &address, sizeof address) != 0 || listen(listener, 4096) != 0
      || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) != 0) {
    perror("floor");
    return 1;
  }
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.ptr == NULL) {
        greet();
      } else {
        handle(events[i].data.ptr, events[i].events);
      }
    }
    while (thrown > 0) {
      struct side *side = garbage[--thrown];
      free(side->left);
      free(side);
    }
  }
}
