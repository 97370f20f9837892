using System.CommandLine;
using Appliance.Hosting;
using Appliance.Protos.Site.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>`appliance pki requests|approve|refuse|revoke`, where an admin's certificate is.</summary>
internal sealed class PkiApprovalCommand
{
    private readonly SiteCommand _site = new(Role.Router);
    private readonly Argument<string> _request = new("REQUEST") { Description = "A request's id, or the name of its node." };
    private readonly Argument<string> _target = new("CERTIFICATE") { Description = "A serial number in hex, or an identity such as spiffe://home/node/node2/logger." };
    private readonly Option<string> _reason = new("--reason") { Description = "Why, for the audit log.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<string> _why = new("--reason") { Description = "Why, for the audit log.", HelpName = "TEXT", Required = true };

    private delegate Task<IReadOnlyList<CertificateRequest>> Call(EnrollmentService.EnrollmentServiceClient client, ParseResult parsed, CallOptions options);

    public static IEnumerable<Command> Create()
    {
        var own = new PkiApprovalCommand();
        yield return own.New("requests", "Nodes that asked for a certificate, with the digest of each one's key", [], (client, _, options) => AllAsync(client, options));
        yield return own.New("approve", "Give a node its certificate; compare the key with its console first (takes --as admin)", [own._request], own.ApproveAsync);
        yield return own.New("refuse", "Refuse a node's request for good", [own._request, own._reason], own.RefuseAsync);
        yield return own._site.New("revoke", "Take a certificate back on every node, for good", [own._target, own._why], own.RevokeAsync);
    }

    private Command New(string name, string description, Symbol[] symbols, Call call) => _site.New(name, description, symbols, async (calls, parsed, options) =>
    {
        var requests = await call(new EnrollmentService.EnrollmentServiceClient(calls), parsed, options);
        return (output, format) => EnrollmentWire.Print(output, format, requests);
    });

    private async Task<IReadOnlyList<CertificateRequest>> ApproveAsync(EnrollmentService.EnrollmentServiceClient client, ParseResult parsed, CallOptions options) =>
        [(await client.ApproveRequestAsync(new ApproveRequestRequest { RequestId = await FindAsync(client, parsed, options) }, options)).Request];

    private async Task<IReadOnlyList<CertificateRequest>> RefuseAsync(EnrollmentService.EnrollmentServiceClient client, ParseResult parsed, CallOptions options) =>
        [(await client.RefuseRequestAsync(new RefuseRequestRequest { RequestId = await FindAsync(client, parsed, options), Reason = parsed.GetRequiredValue(_reason) }, options)).Request];

    private async Task<Action<TextWriter, OutputFormat>> RevokeAsync(CallInvoker calls, ParseResult parsed, CallOptions options)
    {
        var target = parsed.GetRequiredValue(_target);
        var request = new RevokeCertificateRequest { Reason = parsed.GetRequiredValue(_why) };
        if (target.StartsWith("spiffe://", StringComparison.Ordinal))
        {
            request.Identity = target;
        }
        else if (target.Length % 2 == 0 && target.All(char.IsAsciiHexDigit))
        {
            request.Serial = ByteString.CopyFrom(Convert.FromHexString(target));
        }
        else
        {
            throw new CommandFailedException($"'{SiteCommand.Text(target)}' is neither a serial number in hex nor an identity; 'appliance pki requests' shows both.");
        }

        var answer = await new EnrollmentService.EnrollmentServiceClient(calls).RevokeCertificateAsync(request, options);
        return (output, format) => EnrollmentWire.Print(output, format, answer.Revocations);
    }

    private async Task<string> FindAsync(EnrollmentService.EnrollmentServiceClient client, ParseResult parsed, CallOptions options)
    {
        var name = parsed.GetRequiredValue(_request);
        var found = (await AllAsync(client, options)).Where(request => request.Id == name || (request.Node == name && request.State == CertificateRequest.Types.State.Pending)).ToList();
        return found switch
        {
            [var one] => one.Id,
            [] => throw new CommandFailedException($"No request has the id '{SiteCommand.Text(name)}' or waits for a node of that name; 'appliance pki requests' shows them."),
            _ => throw new CommandFailedException($"{found.Count} requests wait for node '{SiteCommand.Text(name)}'; name one by its id: {string.Join(", ", found.Select(request => request.Id))}."),
        };
    }

    private static async Task<IReadOnlyList<CertificateRequest>> AllAsync(EnrollmentService.EnrollmentServiceClient client, CallOptions options)
    {
        var requests = new List<CertificateRequest>();
        var token = "";
        do
        {
            var page = await client.ListRequestsAsync(new ListRequestsRequest { PageSize = 1000, PageToken = token }, options);
            requests.AddRange(page.Requests);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return requests;
    }
}
