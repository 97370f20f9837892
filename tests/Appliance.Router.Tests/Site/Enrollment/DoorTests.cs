using System.Net.Security;
using System.Net.Sockets;
using Appliance.Hosting.Listeners;
using Appliance.Protos.Node.V1;
using Appliance.Protos.Site.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;

namespace Appliance.Router.Tests.Site.Enrollment;

/// <summary>Port 7450, where no certificate is asked for.</summary>
public sealed class DoorTests
{
    [Fact]
    public async Task Nothing_but_the_one_method_is_answered()
    {
        await using var site = await EnrollmentSite.StartAsync();
        var channel = site.Stranger();
        var enrollment = new EnrollmentService.EnrollmentServiceClient(channel);

        Func<Task>[] calls =
        [
            async () => await enrollment.ListRequestsAsync(new ListRequestsRequest()),
            async () => await enrollment.ApproveRequestAsync(new ApproveRequestRequest { RequestId = "1" }),
            async () => await enrollment.RevokeCertificateAsync(new RevokeCertificateRequest { Serial = ByteString.CopyFrom(1) }),
            async () => await enrollment.WatchRevocations(new WatchRevocationsRequest()).ResponseStream.MoveNext(TestContext.Current.CancellationToken),
            async () => await new NodeService.NodeServiceClient(channel).GetNodeAsync(new GetNodeRequest()),
            async () => await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest()),
            async () => await new SessionService.SessionServiceClient(channel).SignInAsync(new SignInRequest { Account = "a", Password = "b" }),
        ];
        var codes = new List<StatusCode>();
        foreach (var call in calls)
        {
            codes.Add((await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }

        Assert.All(codes, code => Assert.Equal(StatusCode.Unimplemented, code));
    }

    [Fact]
    public async Task Body_that_is_larger_than_any_request_is_not_taken_in()
    {
        await using var site = await EnrollmentSite.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => site.AskAsync(new string('x', 1024 * 1024), new byte[16]));

        Assert.NotEqual(StatusCode.Unauthenticated, error.StatusCode);
        Assert.NotEqual(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task One_source_holds_a_few_connections_and_none_for_long()
    {
        await using var site = await EnrollmentSite.StartAsync();
        var held = new List<SslStream>();
        for (var count = 0; count < StrangerConnections.MostOfOneSource; count++)
        {
            held.Add(await ConnectAsync(site));
        }

        var refused = await Record.ExceptionAsync(() => ConnectAsync(site));
        site.Clock.Advance(StrangerConnections.LongestStay);
        var ends = await Task.WhenAll(held.Select(IsEndedAsync));

        Assert.True(refused is IOException or SocketException, refused?.Message ?? "let in");
        Assert.All(ends, Assert.True);
        held.ForEach(stream => stream.Dispose());
    }

    private static async Task<SslStream> ConnectAsync(EnrollmentSite site)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, site.Site.EnrollmentPort, TestContext.Current.CancellationToken);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        var options = site.Site.Handler(certificate: null).SslOptions;
        (options.TargetHost, options.ApplicationProtocols) = ("localhost", [SslApplicationProtocol.Http2]);
        await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
        return stream;
    }

    // The server's settings come first; after them its silence, or the end.
    private static async Task<bool> IsEndedAsync(SslStream stream)
    {
        try
        {
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
