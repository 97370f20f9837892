using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Flows;
using Appliance.Tests.Shared;

namespace Appliance.Router.Tests.Flows;

/// <summary>Log-ins of real tools and people: how many were refused and how many let in.</summary>
public sealed class RecordedLoginTests
{
    // hydra tries 24 wrong passwords and then the right one; over SSH it first opens a connection only to ask.
    [Theory]
    [InlineData("brute-ftp-hydra.pcap", nameof(ApplicationKind.Ftp), 24, 24, 1)]
    [InlineData("brute-http-hydra.pcap", nameof(ApplicationKind.Http), 24, 24, 1)]
    [InlineData("brute-ssh-hydra.pcapng", nameof(ApplicationKind.Ssh), 24, 26, 1)]
    [InlineData("brute-ssh-ncrack.pcap", nameof(ApplicationKind.Ssh), 20, 26, 0)]
    [InlineData("benign-operator.pcap", nameof(ApplicationKind.Ssh), 1, 1, 6)]
    [InlineData("benign-operator.pcap", nameof(ApplicationKind.Ftp), 0, 0, 1)]
    [InlineData("benign-operator.pcap", nameof(ApplicationKind.Http), 0, 0, 3)]
    public void Own_recordings(string file, string application, int fewestFailures, int mostFailures, int successes) =>
        AssertLogins(Path.Combine(Checkout.Traffic, file), application, fewestFailures, mostFailures, successes);

    // nmap tries 40 passwords; the guesser three, three, two, two and seven times one, as its pauses show.
    [Theory]
    [InlineData("brute-ssh-nmap-902.pcap", nameof(ApplicationKind.Ssh), 40, 41, 0)]
    [InlineData("brute-ssh-guess.pcap", nameof(ApplicationKind.Ssh), 17, 17, 0)]
    [InlineData("benign-ssh-kali-normal.pcap", nameof(ApplicationKind.Ssh), 0, 0, 1)]
    [InlineData("benign-ftp-download.pcap", nameof(ApplicationKind.Ftp), 0, 0, 1)]
    [InlineData("benign-telnet-session.pcap", nameof(ApplicationKind.Telnet), 0, 0, 1)]
    [InlineData("benign-iot23-honeypot-4-1-philips-hue.pcap", nameof(ApplicationKind.Http), 0, 0, 0)]
    public void Recordings_of_others(string file, string application, int fewestFailures, int mostFailures, int successes)
    {
        Assert.SkipWhen(Checkout.Corpus is null, "APPLIANCE_CORPUS names no corpus");

        AssertLogins(Path.Combine(Checkout.Corpus, file), application, fewestFailures, mostFailures, successes);
    }

    private static void AssertLogins(string file, string application, int fewestFailures, int mostFailures, int successes)
    {
        var sink = new RecordingSink();
        var path = new PacketPath(new FlowOptions(), sink, sink);
        using var source = new CaptureFile(file);

        path.Run(source, CancellationToken.None);
        path.Finish();

        var flows = sink.Records.Where(flow => flow.Application.ToString() == application).ToList();
        Assert.NotEmpty(flows);
        Assert.InRange(flows.Sum(flow => flow.LoginFailures), fewestFailures, mostFailures);
        Assert.Equal(successes, flows.Sum(flow => flow.LoginSuccesses));

        // Some of the passwords are Mirai's, none of the names.
        Assert.DoesNotContain(flows, flow => flow.TriesDefaultCredentials);
    }
}
