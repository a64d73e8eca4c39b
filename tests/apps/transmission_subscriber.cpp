// Subscribes to TransmissionData.
#include "subscribe.hpp"
#include "topics.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-transmission-subscriber";
    defaults.service = "My";
    defaults.instance = "Funk";
    defaults.event = "ServiceName";
    return subscribeTopic<TransmissionData>(parseOptions(argc, argv, defaults));
}
