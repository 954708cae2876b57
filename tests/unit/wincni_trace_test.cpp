// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <doctest/doctest.h>

#include "tests/unit/thrown.hpp"
#include "tools/wincni/trace_view.hpp"

using wincni::trace_text;
using wincni::TraceDetail;

namespace {

constexpr const char* start_of_bridge =
    R"({"event":"start","plugin":"win-bridge","command":"ADD","file":"/cni/win-bridge","input":"{\"name\":\"n\"}"})"
    "\n";
constexpr const char* start_of_ipam =
    R"({"event":"start","plugin":"host-local","command":"ADD","file":"/cni/host-local","input":"{}"})"
    "\n";

std::string call(const std::string& name,
                 const std::string& hr,
                 const std::string& request,
                 const std::string& answer) {
    return R"({"event":"call","name":")" + name + R"(","hr":)" + hr + R"(,"ms":1.5,"request":")"
           + request + R"(","answer":")" + answer + "\"}\n";
}

std::string end(const std::string& more) {
    return R"({"event":"end","ms":20.25,)" + more + "}\n";
}

std::string shown(const std::string& lines, TraceDetail detail = TraceDetail::calls) {
    return trace_text(lines, detail);
}

} // namespace

TEST_CASE("A trace shows who started whom, each call, and what came of it") {
    const auto text = shown(
        start_of_bridge
        + call("HcnEnumerateNetworks",
               "0",
               R"({\"Filter\":\"{\\\"Name\\\":\\\"cbr0\\\"}\"})",
               R"([\"A\"])")
        + call("HcnOpenNetwork", "0", "77BF2FB0-1111-4222-8333-444444444444", "") + start_of_ipam
        + end(R"("exit":0,"output":"{\"ips\":[{\"address\":\"10.0.0.7/8\"}]}")")
        + call("HcnModifyNamespace",
               "0",
               R"({\"RequestType\":\"Add\",\"Settings\":{\"EndpointId\":\"683238E4-1\"}})",
               "")
        + call("HcnCloseNetwork", "0", "", "")
        + end(
            R"("exit":0,"output":"{\"ips\":[{\"address\":\"10.0.0.7/8\",\"gateway\":\"10.0.0.2\"}]}")"));
    CHECK(text
          == "> win-bridge ADD           /cni/win-bridge                                 20.2 ms  "
             "exit 0\n"
             "|     1.5 ms  0x00000000  HcnEnumerateNetworks        \"cbr0\": 1\n"
             "|     1.5 ms  0x00000000  HcnOpenNetwork              77BF2FB0\n"
             "| > host-local ADD         /cni/host-local                                 20.2 ms  "
             "exit 0\n"
             "| < 10.0.0.7/8\n"
             "|     1.5 ms  0x00000000  HcnModifyNamespace          Add 683238E4\n"
             "< 10.0.0.7/8 via 10.0.0.2\n"
             "2 processes, 3 HNS calls and 1 close; 20.2 ms, of which HNS 6.0 ms\n");
}

TEST_CASE("A failure is shown with its code, a close only when it fails") {
    const auto text =
        shown(start_of_bridge
              + call("HcnCreateEndpoint", "-2143617011", R"({\"Name\":\"c1_n\"})", "it said no")
              + call("HcnCloseNetwork", "-2147467259", "", "")
              + end(R"("exit":1,"output":"{\"code\":7,\"msg\":\"no \\u001b[2J\"}")"));
    CHECK(missing_in(text,
                     {"0x803B000D  HcnCreateEndpoint           \"c1_n\"  HCN_E_INVALID_POLICY\n",
                      "0x80004005  HcnCloseNetwork\n",
                      "< code 7: no \xEF\xBF\xBD[2J\n",
                      "exit 1"})
          == "");
}

TEST_CASE("What did not end well, or not at all, is said") {
    CHECK(missing_in(shown(start_of_bridge + end(R"("error":"did not end in time")")),
                     {"< did not end in time\n"})
          == "");
    CHECK(missing_in(shown(start_of_bridge + end(R"("exit":2,"output":"panic")")),
                     {"< no CNI error: panic\n"})
          == "");
    CHECK(missing_in(shown(start_of_bridge + end(R"("exit":0,"output":"")")), {"< ok\n"}) == "");
    CHECK(missing_in(shown(start_of_bridge), {"> win-bridge ADD", "1 process,"}) == "");
}

TEST_CASE("In full, all that went in and out is shown, closes too") {
    const auto text = shown(start_of_bridge + call("HcnOpenNetwork", "0", "77BF2FB0", "out")
                                + call("HcnCloseNetwork", "0", "", "")
                                + end(R"("exit":0,"output":"{\n \"ips\": []}")"),
                            TraceDetail::full);
    CHECK(missing_in(text,
                     {R"(stdin  {"name":"n"})",
                      "in  77BF2FB0",
                      "out out",
                      "HcnCloseNetwork",
                      R"(stdout {"ips":[]})"})
          == "");
}

TEST_CASE("Lines that do not read are no trace") {
    CHECK(shown("") == "");
    CHECK(shown("x\n[]\n{\n") == "");
    CHECK(missing_in(shown("{}\n{\"event\":7}\n" + end(R"("exit":0)") + start_of_bridge),
                     {"1 process, 0 HNS calls"})
          == "");
}
