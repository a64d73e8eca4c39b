// Publishes TransmissionData.
#include "publish.hpp"
#include "topics.hpp"

int main(int argc, char** argv) {
    Options defaults;
    defaults.name = "classic-transmission-publisher";
    defaults.service = "My";
    defaults.instance = "Funk";
    defaults.event = "ServiceName";
    return publishTopic<TransmissionData>(parseOptions(argc, argv, defaults));
}
