/* A disk that fails on request: stands before libc's writes and syncs of database files, by LD_PRELOAD.
   FULL: the n-th write and every later one find no room. SYNC: the n-th sync alone fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { NOTHING, FULL, SYNC };
static int armed, left, passed, failed;

void arm(int fault, int n) { armed = fault; left = n; passed = failed = 0; }
int passed_calls(void) { return passed; }
int failed_calls(void) { return failed; }

static int database(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, ".db") != NULL;
}

static int fails(int fault, int fd) {
    if (armed != fault || !database(fd)) return 0;
    passed++;
    left--;
    int now = fault == FULL ? left <= 0 : left == 0;
    failed += now;
    return now;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    if (fails(FULL, fd)) { errno = ENOSPC; return -1; }
    return real(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    REAL(pwrite);
    if (fails(FULL, fd)) { errno = ENOSPC; return -1; }
    return real(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(pwrite64);
    if (fails(FULL, fd)) { errno = ENOSPC; return -1; }
    return real(fd, data, size, at);
}
int fsync(int fd) {
    REAL(fsync);
    if (fails(SYNC, fd)) { errno = EIO; return -1; }
    return real(fd);
}
int fdatasync(int fd) {
    REAL(fdatasync);
    if (fails(SYNC, fd)) { errno = EIO; return -1; }
    return real(fd);
}
