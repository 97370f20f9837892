using Appliance.Hosting.Errors;
using Appliance.Protos.Bmc.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PartCase = Appliance.Protos.Bmc.V1.UploadImageRequest.PartOneofCase;
using Wire = Appliance.Protos.Bmc.V1;

namespace Appliance.Bmc.Images;

/// <summary>The calls of BmcService about images, and the form that these have on the wire.</summary>
internal sealed class ImageWire(ImageLibrary library, IEnumerable<IImageUse> uses, TimeProvider clock)
{
    // Longer than any link needs for 64 KiB; whoever sends nothing keeps others from uploading.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<UploadImageResponse> UploadImage(IAsyncStreamReader<UploadImageRequest> parts, ServerCallContext context)
    {
        var token = context.CancellationToken;
        var header = (await NextAsync(parts, PartCase.Header, token)).Header;
        await using var upload = library.Begin(
            new ImageHeader(header.FileName, header.Version, header.Module, header.StoredSizeBytes, header.SizeBytes), clock);
        var part = await NextAsync(parts, PartCase.Chunk, token);
        while (part.PartCase == PartCase.Chunk)
        {
            await upload.AppendAsync(part.Chunk.Memory, token);
            part = await NextAsync(parts, PartCase.Chunk, token);
        }

        return new UploadImageResponse { Image = ToWire(await upload.FinishAsync(part.Sha256.Memory, token)) };
    }

    public Task<ListImagesResponse> ListImages(ListImagesRequest request, ServerCallContext context)
    {
        var page = ImagePage.Cut(library.List(), request.PageSize, request.PageToken);
        return Task.FromResult(new ListImagesResponse { Images = { page.Items.Select(ToWire) }, NextPageToken = page.NextToken });
    }

    public Task<DeleteImageResponse> DeleteImage(DeleteImageRequest request, ServerCallContext context)
    {
        library.Delete(request.ImageId, image =>
        {
            foreach (var use in uses)
            {
                use.CheckUnused(image, request.AllowLastGood);
            }
        });
        return Task.FromResult(new DeleteImageResponse());
    }

    private static Wire.Image ToWire(Image image) => new()
    {
        Id = image.Id,
        Version = image.Version,
        Module = image.Module,
        FileName = image.FileName,
        SizeBytes = (ulong)image.Bytes,
        StoredSizeBytes = (ulong)image.StoredBytes,
        Sha256 = ByteString.CopyFrom(Convert.FromHexString(image.Sha256)),
        UncompressedSha256 = ByteString.CopyFrom(Convert.FromHexString(image.RawSha256)),
        Format = image.Format switch
        {
            ImageFormat.Zstd => Wire.Image.Types.Format.Zstd,
            ImageFormat.Xz => Wire.Image.Types.Format.Xz,
            _ => Wire.Image.Types.Format.Raw,
        },
        UploadTime = Timestamp.FromDateTimeOffset(image.UploadTime),
    };

    /// <summary>The next part: of the kind that is expected, or the digest after chunks.</summary>
    private async Task<UploadImageRequest> NextAsync(IAsyncStreamReader<UploadImageRequest> parts, PartCase expected, CancellationToken token)
    {
        bool hasNext;
        try
        {
            hasNext = await parts.MoveNext(token).WaitAsync(Patience, clock, token);
        }
        catch (TimeoutException)
        {
            throw new LimitExceededException("UPLOAD_STALLED", $"No part of the image came for {Patience.TotalSeconds} s; nothing was kept: upload it again.");
        }

        var given = hasNext ? parts.Current.PartCase : PartCase.None;
        if (given == expected || (given == PartCase.Sha256 && expected == PartCase.Chunk))
        {
            return parts.Current;
        }

        var words = hasNext ? $"'{given}' came" : "the stream ended";
        throw new InvalidInputException("part", $"{words} where {(expected == PartCase.Header ? "the header" : "a chunk or the digest")} is expected; nothing was kept: send header, chunks, digest");
    }
}
