using System.Security.Cryptography;
using Appliance.Bmc.Images;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Appliance.Bmc.Tests.Images;

/// <summary>A library in a folder of its own, opened as often as a test wants.</summary>
internal sealed class LibraryRig : IDisposable
{
    private readonly TempFolder _folder = new();

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public string Folder => _folder.Path;

    public static ImageHeader Header(string fileName = "disk.img", string version = "1.2.3") => new(fileName, version, "", 0, 0);

    /// <summary>As the next start of the role finds it.</summary>
    public ImageLibrary Open(ImageOptions? options = null) =>
        new(_folder.Path, options ?? new ImageOptions { ReservedBytes = 0 }, NullLogger<ImageLibrary>.Instance);

    public async Task<Image> AddAsync(ImageLibrary library, byte[] bytes, ImageHeader? header = null)
    {
        await using var upload = library.Begin(header ?? Header(), Clock);
        await AppendAsync(upload, bytes);
        return await upload.FinishAsync(SHA256.HashData(bytes), TestContext.Current.CancellationToken);
    }

    public static async Task AppendAsync(ImageUpload upload, byte[] bytes)
    {
        foreach (var chunk in bytes.Chunk(ImageUpload.LargestChunk))
        {
            await upload.AppendAsync(chunk, TestContext.Current.CancellationToken);
        }
    }

    public static async Task<byte[]> ReadAsync(Stream stream)
    {
        await using (stream)
        {
            using var whole = new MemoryStream();
            await stream.CopyToAsync(whole, TestContext.Current.CancellationToken);
            return whole.ToArray();
        }
    }

    public void Dispose() => _folder.Dispose();
}
