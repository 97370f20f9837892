namespace Appliance.SystemTests;

/// <summary>A block from the terminal, against what goes through a running gateway.</summary>
[Collection("the machine's ports")]
public sealed class BlockTests
{
    private const int EchoPort = 9000;
    private const string Python = "/usr/bin/python3";

    private static readonly string Echo = $"""
        import socket
        server = socket.create_server(('{GatewayLab.DeskAddress}', {EchoPort}))
        print('listening', flush=True)
        while True:
            end, _ = server.accept()
            while True:
                try:
                    word = end.recv(64)
                except OSError:
                    break
                if not word:
                    break
                end.sendall(word)
        """;

    // Five seconds without an answer are an end: a lost word is sent again several times in them.
    private static readonly string Talk = $"""
        import socket, time
        end = socket.create_connection(('{GatewayLab.DeskAddress}', {EchoPort}), 5)
        try:
            while True:
                end.sendall(b'word')
                if not end.recv(64):
                    break
                print('answered', flush=True)
                time.sleep(0.05)
        except OSError:
            pass
        print('ended', flush=True)
        """;

    [Fact]
    public async Task Block_added_at_the_terminal_ends_a_standing_connection_through_the_gateway_and_removed_lets_its_source_in_again()
    {
        await using var lab = await GatewayLab.LayAsync();
        await using var router = await lab.StartRouterAsync();
        using var server = lab.StartAtDesk(Python, "-c", Echo);
        var listens = await server.SaysAsync("listening");
        using var station = lab.StartInHall(Python, "-c", Talk);
        var talks = await station.SaysAsync("answered");

        var added = Assert.Single(await lab.AskAsync("blocks", "add", GatewayLab.HallAddress, "--reason", "talks too much"));
        var ends = await station.SaysAsync("ended");
        var during = await lab.KnockFromHallAsync(EchoPort);
        var standing = await lab.AskAsync("blocks", "list");
        await lab.AskAsync("blocks", "remove", GatewayLab.HallAddress);
        var after = await lab.KnockFromHallAsync(EchoPort);

        Assert.Equal((true, true, true), (listens, talks, ends));
        Assert.Equal(("silent", "open"), (during, after));
        Assert.Equal(added.GetProperty("id").GetString(), Assert.Single(standing).GetProperty("id").GetString());
        Assert.Empty(await lab.AskAsync("blocks", "list"));
    }
}
