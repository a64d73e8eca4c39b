// Publishes untyped chunks of one size: the sample's id, then bytes that follow from it.
#include "pattern.hpp"
#include "publish.hpp"

#include "iceoryx_posh/popo/untyped_publisher.hpp"

#include <cstring>

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-raw-publisher";
    defaults.service = "Raw";
    defaults.instance = "Main";
    defaults.event = "Bytes";
    const Options options = parseOptions(argc, argv, defaults);
    if (options.size < sizeof(uint64_t)) {
        std::cerr << "--size: a sample holds 8 bytes at least" << std::endl;
        return 2;
    }

    initRuntime(options);
    const Pattern pattern{options.size};
    iox::popo::UntypedPublisher publisher{options.description(), options.publisher()};
    return runPublisher(options, publisher, [&](const SampleId id) {
        bool done{false};
        publisher.loan(options.size).and_then([&](void* chunk) {
            const uint64_t encoded = id.encoded();
            std::memcpy(chunk, &encoded, sizeof(encoded));
            pattern.fill(static_cast<char*>(chunk) + sizeof(encoded), options.size - sizeof(encoded), id);
            publisher.publish(chunk);
            done = true;
        });
        return done;
    });
}
