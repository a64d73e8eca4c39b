// To be preloaded into a program: counts the allocations of each of its threads, and of the programs that it starts, in
// the file that COUNT_ALLOCATIONS names: 64 bits with how many threads there were, then for each its id and its count.
//
// Threads: any. Nothing is allocated here, and nothing is freed.
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

struct Thread {
    std::atomic<std::uint64_t> id;
    std::atomic<std::uint64_t> count;
};

constexpr std::size_t MOST{1024};

struct Counts {
    std::atomic<std::uint64_t> threads;
    Thread thread[MOST];
};

Counts* counts{nullptr};

// In the thread's own block, so that the first access allocates nothing.
__attribute__((tls_model("initial-exec"))) thread_local Thread* mine{nullptr};

__attribute__((constructor)) void map() noexcept {
    const char* const file = std::getenv("COUNT_ALLOCATIONS");
    const int descriptor = file == nullptr ? -1 : ::open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return;
    }
    if (::ftruncate(descriptor, sizeof(Counts)) == 0) {
        void* const memory = ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        counts = memory == MAP_FAILED ? nullptr : static_cast<Counts*>(memory);
    }
    ::close(descriptor);
}

void count() noexcept {
    if (counts == nullptr) {
        return;
    }
    if (mine == nullptr) {
        const auto place = counts->threads.fetch_add(1);
        if (place >= MOST) {
            return;
        }
        mine = &counts->thread[place];
        mine->id.store(static_cast<std::uint64_t>(::gettid()));
    }
    mine->count.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

extern "C" {

void* malloc(const std::size_t size) {
    count();
    return __libc_malloc(size);
}

void* calloc(const std::size_t number, const std::size_t size) {
    count();
    return __libc_calloc(number, size);
}

void* realloc(void* const memory, const std::size_t size) {
    count();
    return __libc_realloc(memory, size);
}

void* memalign(const std::size_t alignment, const std::size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void* aligned_alloc(const std::size_t alignment, const std::size_t size) {
    return memalign(alignment, size);
}

int posix_memalign(void** const memory, const std::size_t alignment, const std::size_t size) {
    *memory = memalign(alignment, size);
    return *memory == nullptr ? ENOMEM : 0;
}
}
