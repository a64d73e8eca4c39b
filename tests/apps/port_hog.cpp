// Takes every publisher that RouDi has left, and keeps them until it is told to end.
#include "publish.hpp"

#include <cstdint>
#include <string>

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-port-hog";
    defaults.service = "Hog";
    defaults.instance = "Of";
    defaults.event = "Ports";
    const Options options = parseOptions(argc, argv, defaults);

    // To be refused a port is what this waits for, not the end.
    classic::ignoreErrors();
    initRuntime(options);
    uint64_t taken{0};
    for (;;) {
        using Id = iox::capro::IdString_t;
        const iox::capro::ServiceDescription description{classic::fixed<Id>(options.service),
                                                         classic::fixed<Id>(options.instance),
                                                         classic::fixed<Id>(std::to_string(taken))};
        if (iox::runtime::PoshRuntime::getInstance().getMiddlewarePublisher(description) == nullptr) {
            break;
        }
        ++taken;
    }
    std::cout << "started with " << taken << " publishers" << std::endl;
    classic::waitForTerminationRequest();
    std::cout << "done taken=" << taken << std::endl;
    return 0;
}
