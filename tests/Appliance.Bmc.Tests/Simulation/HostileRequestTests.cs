using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Appliance.Bmc.Simulation;

namespace Appliance.Bmc.Tests.Simulation;

public sealed class HostileRequestTests
{
    private static readonly string[] Requests =
    [
        "",
        "\0\0\0\0",
        "GET\r\n\r\n",
        "GET /api/bmc?%&=&%ZZ=%ff%fe&&&opt=get&type=%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/bmc?opt=set&type=reset&node=99999999999999999999 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/bmc?opt=set&type=power&node1=\uFFFF HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/bmc?opt=get&type=%0d%0aX HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/bmc/upload/-1/cancel HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/bmc/upload/cancel HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/bmc HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \u00e9\r\n\r\n",
        "GET /api/bmc HTTP/1.1\r\nHost: a\r\nAuthorization: Basic ====\r\n\r\n",
        "GET /api/bmc HTTP/1.1\r\nHost: a\r\nAuthorization:\r\n\r\n",
        "GET /info HTTP/1.0\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
        "POST /api/bmc/authenticate HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n[[[[[",
        "POST /api/bmc/authenticate HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        "POST /api/bmc/authenticate HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /api/bmc/upload/1 HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=\"\"\r\nContent-Length: 2\r\n\r\n--",
    ];

    private static readonly string[] Bodies =
    [
        """{"Node1":{"name":5}}""",
        """{"Node1":{"uart_baud":"x"}}""",
        """{"Node1":{"uart_baud":99999999999}}""",
        """{"Node1":[]}""",
        """{"Node1":null}""",
        "null",
        "5",
        new string('[', 100_000),
        "\"" + new string('a', 400_000),
    ];

    [Theory]
    [InlineData("v1")]
    [InlineData("2.0.5")]
    [InlineData("2.3.4")]
    [InlineData("2.3.7")]
    public async Task Nothing_that_is_sent_without_log_in_ends_the_board(string profile)
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { Profile = BoardProfiles.Find(profile)! });

        foreach (var request in Requests)
        {
            await SendAsync(board.Board, request);
        }

        using var client = board.NewRaw();
        using var reply = await client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(0, board.Board.Restarts);
    }

    [Theory]
    [InlineData("2.0.5")]
    [InlineData("2.3.7")]
    public async Task Nothing_that_is_sent_after_log_in_ends_the_board(string profile)
    {
        await using var board = await TestBoard.StartAsync(with: options => options with { Profile = BoardProfiles.Find(profile)! });
        await board.LogInAsync();

        foreach (var body in Bodies)
        {
            await PostAsync(board, "/api/bmc?opt=set&type=node_info", body, "application/json");
            await PostAsync(board, "/api/bmc/authenticate", body, "application/json");
            var handle = await board.BeginAsync("opt=set&type=flash&node=0&file=x.img&length=1");
            await PostAsync(board, $"/api/bmc/upload/{handle}", "--b\r\n" + body, "multipart/form-data; boundary=b");
        }

        await board.LogInAsync();
        Assert.Equal(HttpStatusCode.OK, (await board.GetAsync("opt=get&type=power")).Status);
    }

    [Fact]
    public async Task Log_in_longer_than_the_daemon_reads_is_no_log_in()
    {
        await using var board = await TestBoard.StartAsync();

        using var reply = await board.PostLogInAsync("root", new string('x', 300_000));

        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        Assert.StartsWith(
            "error trying to parse credentials",
            await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private static async Task PostAsync(TestBoard board, string target, string body, string mediaType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        try
        {
            (await board.Raw.PostAsync(target, content, TestContext.Current.CancellationToken)).Dispose();
        }
        catch (HttpRequestException)
        {
            // A handler that panics breaks its connection; only the board's end would be a fault.
        }
    }

    /// <summary>Sends bytes as they are and leaves; whatever comes back does not matter.</summary>
    private static async Task SendAsync(SimulatedBoard board, string request)
    {
        var address = board.Address;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        try
        {
            await using Stream stream = address.Scheme == Uri.UriSchemeHttps
                ? new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == board.Fingerprint)
                : client.GetStream();
            if (stream is SslStream secure)
            {
                await secure.AuthenticateAsClientAsync("board");
            }

            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The board may break the connection.
        }
    }
}
