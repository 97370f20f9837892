using System.Security.Cryptography.X509Certificates;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;
using Appliance.Protos.Site.V1;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace Appliance.Hosting.Enrollment;

/// <summary>How a node that has no certificate yet asks the router for one: the router is known by the authority in the node file.</summary>
public sealed class EnrollmentClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private readonly X509Certificate2 _authority;
    private readonly GrpcChannel _channel;
    private readonly string _site;

    public EnrollmentClient(NodeFile file, int port)
    {
        _authority = X509Certificate2.CreateFromPem(file.Authority);
        _site = file.Site;
        var host = file.Router.Contains(':', StringComparison.Ordinal) ? $"[{file.Router}]" : file.Router;
        _channel = GrpcChannel.ForAddress($"https://{host}:{port}", new GrpcChannelOptions { HttpHandler = NewHandler(), DisposeHttpClient = true });
    }

    /// <summary>Asks once. <see cref="UnreachableException"/> and <see cref="LimitExceededException"/> may pass; <see cref="BusyException"/> and <see cref="UnauthenticatedException"/> need somebody.</summary>
    public async Task<EnrollmentAnswer> AskAsync(string token, byte[] signingRequest, CancellationToken cancellationToken)
    {
        try
        {
            var request = new RequestCertificateRequest { Token = token, SigningRequest = ByteString.CopyFrom(signingRequest) };
            // The gRPC client counts deadlines on the system's clock.
            var deadline = TimeProvider.System.GetUtcNow().UtcDateTime + Deadline;
            var answer = await new EnrollmentService.EnrollmentServiceClient(_channel).RequestCertificateAsync(request, deadline: deadline, cancellationToken: cancellationToken);
            var certificate = answer.Certificate.Length > 0 ? answer.Certificate.ToByteArray() : null;
            return new EnrollmentAnswer(answer.Request.Id, answer.Request.State == Protos.Site.V1.CertificateRequest.Types.State.Refused, certificate);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Translate(error);
        }
    }

    public void Dispose()
    {
        _channel.Dispose();
        _authority.Dispose();
    }

    private static Exception Translate(RpcException error) => error.StatusCode switch
    {
        StatusCode.Unauthenticated or StatusCode.InvalidArgument => new UnauthenticatedException("TOKEN_REFUSED", error.Status.Detail),
        StatusCode.FailedPrecondition => new BusyException("AUTHORITY_OFFLINE", error.Status.Detail),
        StatusCode.ResourceExhausted => new LimitExceededException("TOO_MANY_REQUESTS", error.Status.Detail) { RetryAfter = error.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan() },
        _ => new UnreachableException(error.Status.DebugException?.GetBaseException().Message ?? error.Status.Detail, error),
    };

    private SocketsHttpHandler NewHandler() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions =
        {
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = PeerVerifier.Policy([_authority]),
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 server && IsRouter(server),
        },
    };

    private bool IsRouter(X509Certificate2 server)
    {
        using var chain = new X509Chain { ChainPolicy = PeerVerifier.Policy([_authority]) };
        return chain.Build(server) && PeerIdentity.TryParse(server, out var identity) && identity.Role == Role.Router && identity.Site == _site;
    }
}
