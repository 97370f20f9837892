using Appliance.Hosting.Clients;
using Appliance.Protos.Bmc.V1;
using Appliance.Protos.Site.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Appliance.Commands;

/// <summary>Approves what the node of a flashed slot asks for, where the router holds the request with the key that the slot's console shows.</summary>
/// <param name="routers">Opens the way to the site's router.</param>
internal sealed class FlashApprovalClient(Func<PersonChannel> routers)
{
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);

    /// <summary>A line for each that was approved; throws for one that another key stands behind.</summary>
    public async Task<IReadOnlyList<string>> ApproveAsync(FlashResult slot, CallOptions options)
    {
        List<string> lines = [];
        foreach (var shown in slot.EnrollmentRequests.Where(shown => _answered.Add(shown.RequestId)))
        {
            using var router = routers();
            var client = new EnrollmentService.EnrollmentServiceClient(router.Calls);
            Check(slot, shown, await FindAsync(client, shown.RequestId, options));
            await client.ApproveRequestAsync(new ApproveRequestRequest { RequestId = shown.RequestId }, options);
            lines.Add($"Slot {slot.SlotNumber}: request {shown.RequestId} of {shown.Role} {slot.NodeName} is approved; console and router show key {Hex(shown.KeySha256)}.");
        }

        return lines;
    }

    // Who stole the token asked first, or the console is another's: either way somebody has to look.
    private static void Check(FlashResult slot, SlotEnrollment shown, CertificateRequest? held)
    {
        if (held is null || held.Node != slot.NodeName || held.Role != shown.Role || held.KeySha256 != shown.KeySha256)
        {
            throw new CommandFailedException(
                $"Slot {slot.SlotNumber} was not approved: its console shows request {shown.RequestId} of {shown.Role} {slot.NodeName} with key {Hex(shown.KeySha256)}, the router holds "
                + (held is null ? "no such request." : $"{SiteCommand.Text(held.Role)} {SiteCommand.Text(held.Node)} with key {Hex(held.KeySha256)}.")
                + $" If that is no other site's, refuse it ('appliance pki refuse {shown.RequestId}') and flash the slot with a new node file.");
        }
    }

    private static async Task<CertificateRequest?> FindAsync(EnrollmentService.EnrollmentServiceClient client, string id, CallOptions options)
    {
        var token = "";
        do
        {
            var page = await client.ListRequestsAsync(new ListRequestsRequest { PageSize = 1000, PageToken = token }, options);
            if (page.Requests.FirstOrDefault(request => request.Id == id) is { } found)
            {
                return found;
            }

            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return null;
    }

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
