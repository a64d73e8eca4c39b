// Takes every publisher that RouDi has left, and keeps them until it is told to end.
#include "publish.hpp"

#include "iceoryx_hoofs/error_handling/error_handling.hpp"

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
    const auto guard = iox::ErrorHandler::setTemporaryErrorHandler([](const auto, const auto, const auto) {});
    initRuntime(options);
    uint64_t taken{0};
    for (;;) {
        const std::string event{std::to_string(taken)};
        const iox::capro::IdString_t id{iox::cxx::TruncateToCapacity, event.c_str(), event.size()};
        const iox::capro::ServiceDescription description{
            iox::capro::IdString_t{iox::cxx::TruncateToCapacity, options.service.c_str(), options.service.size()},
            iox::capro::IdString_t{iox::cxx::TruncateToCapacity, options.instance.c_str(), options.instance.size()},
            id};
        if (iox::runtime::PoshRuntime::getInstance().getMiddlewarePublisher(description) == nullptr) {
            break;
        }
        ++taken;
    }
    std::cout << "started with " << taken << " publishers" << std::endl;
    iox::posix::waitForTerminationRequest();
    std::cout << "done taken=" << taken << std::endl;
    return 0;
}
