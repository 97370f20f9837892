using System.Security.Cryptography;
using Appliance.Hosting;
using Appliance.Hosting.Identity;
using Appliance.Protos.Bmc.V1;
using Appliance.Tests.Shared;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace Appliance.Bmc.Tests.Images;

public sealed class ImageGrpcServiceTests
{
    private static readonly byte[] Bytes = Packed.Disk(300_000);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Uploaded_image_is_listed_with_what_is_known_of_it()
    {
        await using var site = new TestSite();
        var client = await StartAsync(site);
        var file = await Packed.WithAsync("zstd", "-q -c", Bytes);

        var image = await UploadAsync(client, file, new Image { FileName = "disk.img.zst", Version = "1.2.3", Module = "cm4", StoredSizeBytes = (ulong)file.Length });
        var listed = await client.ListImagesAsync(new ListImagesRequest(), cancellationToken: Token);

        Assert.Equal([image], listed.Images);
        Assert.Equal(("1.2.3", "cm4", Image.Types.Format.Zstd), (image.Version, image.Module, image.Format));
        Assert.Equal(((ulong)Bytes.Length, (ulong)file.Length), (image.SizeBytes, image.StoredSizeBytes));
        Assert.Equal([SHA256.HashData(file), SHA256.HashData(Bytes)], [image.Sha256.ToByteArray(), image.UncompressedSha256.ToByteArray()]);
    }

    [Fact]
    public async Task Images_come_in_pages_the_newest_first()
    {
        await using var site = new TestSite();
        var client = await StartAsync(site);
        List<string> ids = [];
        for (var i = 0; i < 3; i++)
        {
            ids.Insert(0, (await UploadAsync(client, Packed.Noise(100), new Image { FileName = "disk.img" })).Id);
        }

        var first = await client.ListImagesAsync(new ListImagesRequest { PageSize = 2 }, cancellationToken: Token);
        var second = await client.ListImagesAsync(new ListImagesRequest { PageSize = 2, PageToken = first.NextPageToken }, cancellationToken: Token);

        Assert.Equal(ids, [.. first.Images.Select(image => image.Id), .. second.Images.Select(image => image.Id)]);
        Assert.Equal("", second.NextPageToken);
    }

    [Fact]
    public async Task Deleted_image_is_gone_and_deleting_it_again_says_so()
    {
        await using var site = new TestSite();
        var client = await StartAsync(site);
        var image = await UploadAsync(client, Bytes, new Image { FileName = "disk.img" });

        await client.DeleteImageAsync(new DeleteImageRequest { ImageId = image.Id }, cancellationToken: Token);
        var error = await Assert.ThrowsAsync<RpcException>(() => client.DeleteImageAsync(new DeleteImageRequest { ImageId = image.Id }, cancellationToken: Token).ResponseAsync);

        Assert.Empty((await client.ListImagesAsync(new ListImagesRequest(), cancellationToken: Token)).Images);
        Assert.Equal((StatusCode.NotFound, "IMAGE_NOT_FOUND"), (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
    }

    [Fact]
    public async Task Stream_that_ends_before_the_digest_is_refused_and_leaves_no_image()
    {
        await using var site = new TestSite();
        var client = await StartAsync(site);
        using var call = client.UploadImage(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new UploadImageRequest { Header = new Image { FileName = "disk.img" } }, Token);
        await call.RequestStream.WriteAsync(new UploadImageRequest { Chunk = ByteString.CopyFrom(Bytes, 0, 1000) }, Token);
        await call.RequestStream.CompleteAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Empty((await client.ListImagesAsync(new ListImagesRequest(), cancellationToken: Token)).Images);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(site.State, "bmc", "images")));
    }

    [Fact]
    public async Task Caller_who_hangs_up_in_the_middle_leaves_no_image_and_the_next_may_upload()
    {
        await using var site = new TestSite();
        var client = await StartAsync(site);
        var folder = Path.Combine(site.State, "bmc", "images");
        using (var call = client.UploadImage(cancellationToken: Token))
        {
            await call.RequestStream.WriteAsync(new UploadImageRequest { Header = new Image { FileName = "disk.img" } }, Token);
            await call.RequestStream.WriteAsync(new UploadImageRequest { Chunk = ByteString.CopyFrom(Bytes, 0, 1000) }, Token);
            await Clocks.UntilAsync(() => Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any());
        }

        await Clocks.UntilAsync(() => !Directory.EnumerateFiles(folder).Any());
        var image = await UploadAsync(client, Bytes, new Image { FileName = "disk.img" });

        Assert.Equal((ulong)Bytes.Length, image.SizeBytes);
    }

    [Fact]
    public async Task Operator_may_not_upload()
    {
        await using var site = new TestSite();
        await StartAsync(site);
        var client = new BmcService.BmcServiceClient(site.Channel(Role.Bmc, site.Person(PeerKind.Operator)));
        using var call = client.UploadImage(cancellationToken: Token);

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    internal static async Task<Image> UploadAsync(BmcService.BmcServiceClient client, byte[] file, Image header)
    {
        using var call = client.UploadImage(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new UploadImageRequest { Header = header }, Token);
        foreach (var chunk in file.Chunk(64 * 1024))
        {
            await call.RequestStream.WriteAsync(new UploadImageRequest { Chunk = ByteString.CopyFrom(chunk) }, Token);
        }

        await call.RequestStream.WriteAsync(new UploadImageRequest { Sha256 = ByteString.CopyFrom(SHA256.HashData(file)) }, Token);
        await call.RequestStream.CompleteAsync();
        return (await call).Image;
    }

    private static async Task<BmcService.BmcServiceClient> StartAsync(TestSite site)
    {
        await site.StartAsync(Role.Bmc, builder => builder.AddBmc(), app => app.MapBmc(), ("Bmc:Board:Simulate", "2.3.7"), ("Bmc:Images:ReservedBytes", "0"));
        return new BmcService.BmcServiceClient(site.Channel(Role.Bmc, site.Person(PeerKind.Admin)));
    }
}
