using System.Net;
using System.Net.Sockets;
using System.Text;
using Appliance.Router.Capture;
using Appliance.Router.Decoding;
using Appliance.Router.Decoding.Facts;
using Appliance.Router.Flows;
using Appliance.Router.Tests.Capture;
using Appliance.Router.Tests.Flows;
using Appliance.Router.Tests.Nftables;

namespace Appliance.Router.Tests.Decoding;

/// <summary>Clients that people use log in over a real cable; their servers are played, and refuse.</summary>
public sealed class RealClientTests : IDisposable
{
    private readonly VethPair _cable = new();

    public void Dispose() => _cable.Dispose();

    [Theory]
    [InlineData("root", "xc3511", true)]
    [InlineData("root", "not a default", false)]
    public async Task Default_credentials_are_told_from_others(string name, string password, bool expected)
    {
        foreach (var program in new[] { "/usr/bin/curl", "/usr/bin/mosquitto_pub" })
        {
            Assert.SkipUnless(File.Exists(program), $"Needs {program}.");
        }

        var logins = await WatchAsync(async () =>
        {
            await TalkAsync(21, "220 FTP\r\n", AnswerFtp, "/usr/bin/curl", "-s", "-u", $"{name}:{password}", $"ftp://{VethPair.NearAddress}/");
            await TalkAsync(80, "", _ => Bytes("HTTP/1.1 401 no\r\nContent-Length: 0\r\n\r\n"), "/usr/bin/curl", "-s", "-u", $"{name}:{password}", $"http://{VethPair.NearAddress}/");
            await TalkAsync(1883, "", _ => [0x20, 2, 0, 5], "/usr/bin/mosquitto_pub", "-h", VethPair.NearAddress, "-u", name, "-P", password, "-t", "t", "-m", "m");
        });

        Assert.Equal(
            [(ApplicationKind.Ftp, LoginOutcome.Failed, expected), (ApplicationKind.Http, LoginOutcome.Failed, expected), (ApplicationKind.Mqtt, LoginOutcome.Failed, expected)],
            logins.Select(login => (login.Application, login.Outcome, login.IsDefault)));
    }

    private static byte[] AnswerFtp(string request) => Bytes(request.StartsWith("USER", StringComparison.Ordinal) ? "331 Password?\r\n" : "530 no\r\n");

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private async Task<List<LoginFact>> WatchAsync(Func<Task> talk)
    {
        using var ring = _cable.InNear(() => new PacketRing(VethPair.Near, new CaptureOptions(), TimeProvider.System));
        var sink = new RecordingSink();
        var path = new PacketPath(new FlowOptions { Capacity = 4096 }, sink, null, sink);
        using var stop = new CancellationTokenSource();
        var run = Task.Run(() => path.RunAsync(ring, stop.Token), CancellationToken.None);
        await talk();
        await stop.CancelAsync();
        await run;
        path.Finish();
        return [.. sink.Facts.OfType<LoginFact>()];
    }

    // One connection, an answer to each thing that the client says, until it has heard enough.
    private async Task TalkAsync(int port, string greeting, Func<string, byte[]> answer, string client, params string[] arguments)
    {
        using var listener = _cable.InNear(() => new TcpListener(IPAddress.Any, port));
        _cable.InNear(() => Start(listener));
        var served = ServeAsync(listener, greeting, answer);
        _cable.InFar(() => Command.Try("", client, arguments));
        await served;
    }

    private static int Start(TcpListener listener)
    {
        listener.Start();
        return 0;
    }

    private static async Task ServeAsync(TcpListener listener, string greeting, Func<string, byte[]> answer)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Bytes(greeting), TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        try
        {
            for (int count; (count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0;)
            {
                await stream.WriteAsync(answer(Encoding.Latin1.GetString(buffer, 0, count)), TestContext.Current.CancellationToken);
            }
        }
        catch (IOException)
        {
            // The client hangs up when it is refused.
        }
    }
}
