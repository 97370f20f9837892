using System.Globalization;
using System.Text.Json;
using Appliance.Protos.Bmc.V1;

namespace Appliance.Commands;

/// <summary>Images and flash jobs as people and programs read them.</summary>
internal static class FlashWire
{
    private const double Mebi = 1024 * 1024;

    public static string Of(Flash.Types.State state) => state.ToString().ToLowerInvariant();

    public static void Print(TextWriter output, OutputFormat format, IReadOnlyList<Image> images)
    {
        if (format != OutputFormat.Json)
        {
            output.WriteLine("ID                VERSION           MODULE    SIZE MiB  FILE");
        }

        foreach (var image in images)
        {
            output.WriteLine(format == OutputFormat.Json ? Line(image) : string.Create(
                CultureInfo.InvariantCulture,
                $"{image.Id,-16}  {SiteCommand.Text(image.Version),-16}  {SiteCommand.Text(image.Module),-8}  {image.SizeBytes / Mebi,8:0.#}  {SiteCommand.Text(image.FileName)}"));
        }
    }

    public static void PrintDeleted(TextWriter output, OutputFormat format, string id) =>
        output.WriteLine(format == OutputFormat.Json ? JsonSerializer.Serialize(new { deleted = id }) : $"Image {id} is deleted.");

    public static void Print(TextWriter output, OutputFormat format, Flash flash)
    {
        if (format == OutputFormat.Json)
        {
            output.WriteLine(Line(flash));
            return;
        }

        output.WriteLine($"Flash {flash.Id} of image {flash.ImageId}: {Of(flash.State)}{Because(flash.FailureReason)}");
        output.WriteLine("SLOT  STATE       TRIES  POWER  PROOF OR REASON");
        foreach (var result in flash.Results)
        {
            var text = result.FailureReason.Length > 0 ? result.FailureReason : result.Proof;
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.SlotNumber,-4}  {Of(result.State),-10}  {result.AttemptsCount,5}  {(result.EndTime is null ? "-" : result.Powered ? "on" : "off"),-5}  {SiteCommand.Text(text)}"));
        }
    }

    private static string Because(string reason) => reason.Length > 0 ? $", {SiteCommand.Text(reason)}" : "";

    private static string Line(Image image) => JsonSerializer.Serialize(new
    {
        id = image.Id,
        version = image.Version,
        module = image.Module,
        file_name = image.FileName,
        format = image.Format.ToString().ToLowerInvariant(),
        size_bytes = image.SizeBytes,
        stored_size_bytes = image.StoredSizeBytes,
        sha256 = Convert.ToHexStringLower(image.Sha256.Span),
        uncompressed_sha256 = Convert.ToHexStringLower(image.UncompressedSha256.Span),
        upload_time = image.UploadTime?.ToDateTimeOffset(),
    });

    private static string Line(Flash flash) => JsonSerializer.Serialize(new
    {
        id = flash.Id,
        image_id = flash.ImageId,
        state = Of(flash.State),
        slot_number = flash.SlotNumber,
        written_bytes = flash.WrittenBytes,
        verified_bytes = flash.VerifiedBytes,
        total_bytes = flash.TotalBytes,
        failure_reason = flash.FailureReason,
        note = flash.Note,
        start_time = flash.StartTime?.ToDateTimeOffset(),
        end_time = flash.EndTime?.ToDateTimeOffset(),
        results = flash.Results.Select(result => new
        {
            slot_number = result.SlotNumber,
            node_name = result.NodeName,
            state = Of(result.State),
            attempts_count = result.AttemptsCount,
            powered = result.Powered,
            proof = result.Proof,
            failure_reason = result.FailureReason,
            failed_in = result.FailedIn == Flash.Types.State.Unspecified ? null : Of(result.FailedIn),
            enrollment_requests = result.EnrollmentRequests.Select(request => new { role = request.Role, request_id = request.RequestId, key_sha256 = Convert.ToHexStringLower(request.KeySha256.Span) }),
            end_time = result.EndTime?.ToDateTimeOffset(),
        }),
    });
}
