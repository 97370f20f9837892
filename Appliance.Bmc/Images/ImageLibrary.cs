using System.Security.Cryptography;
using System.Text.Json;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Appliance.Bmc.Images;

/// <summary>The images on disk: a file as it came and, written last, a note beside it. Without its note a file is no image.</summary>
/// <remarks>Killed at any moment, the library opens as it was before or after.</remarks>
internal sealed partial class ImageLibrary
{
    public const string FolderName = "images";

    private const string NoteEnding = ".json";
    private const string FileEnding = ".image";
    private const string UploadEnding = ".upload";
    private const int IdLetters = 16;

    private readonly string _folder;
    private readonly ImageOptions _options;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Image> _images = new(StringComparer.Ordinal);
    private int _uploading;

    public ImageLibrary(NodePaths paths, IOptions<ImageOptions> options, ILogger<ImageLibrary> logger)
        : this(Path.Combine(paths.State, FolderName), options.Value, logger)
    {
    }

    /// <param name="folder">Made when it is missing.</param>
    /// <param name="options">How much it may hold.</param>
    /// <param name="logger">Told what is damaged.</param>
    public ImageLibrary(string folder, ImageOptions options, ILogger<ImageLibrary> logger)
    {
        (_folder, _options, _logger) = (folder, options, logger);
        PrivateFiles.CreateFolder(folder);
        Open();
    }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Image> List()
    {
        lock (_gate)
        {
            return [.. _images.Values.OrderByDescending(image => image.UploadTime).ThenBy(image => image.Id, StringComparer.Ordinal)];
        }
    }

    /// <exception cref="NotFoundException">There is no such image.</exception>
    public Image Find(string id)
    {
        lock (_gate)
        {
            return _images.GetValueOrDefault(id) ?? throw new NotFoundException("image", id);
        }
    }

    /// <summary>Takes the one upload that may run, and a file for it.</summary>
    public ImageUpload Begin(ImageHeader header, TimeProvider clock)
    {
        header.Check();
        if (Interlocked.CompareExchange(ref _uploading, 1, 0) != 0)
        {
            throw new BusyException("UPLOAD_IN_PROGRESS", "Another image is being uploaded; wait for it to end, then try again.");
        }

        try
        {
            CheckSpace((long)Math.Min(header.StoredBytes, long.MaxValue));
            return new ImageUpload(this, header, Path.Combine(_folder, Guid.NewGuid().ToString("N") + UploadEnding), clock);
        }
        catch
        {
            End();
            throw;
        }
    }

    public void End() => Volatile.Write(ref _uploading, 0);

    /// <summary>Throws when so many more bytes do not leave the disk enough.</summary>
    public void CheckSpace(long bytes)
    {
        var free = new DriveInfo(_folder).AvailableFreeSpace;
        if (bytes > free - _options.ReservedBytes)
        {
            throw new LimitExceededException(
                "NO_SPACE",
                $"{free >> 20} MiB are free at {_folder}, {_options.ReservedBytes >> 20} of them are kept free, and {Math.Max(bytes, 1) >> 20} MiB more are to come; delete an image.");
        }
    }

    /// <summary>Keeps the uploaded file; one that is here already takes the new header, and its file is mended.</summary>
    public Image Keep(string path, Image image)
    {
        lock (_gate)
        {
            if (!_images.ContainsKey(image.Id) && _images.Count >= _options.MaxImages)
            {
                throw new LimitExceededException(
                    "TOO_MANY_IMAGES", $"{_images.Count} images are kept already; delete one, or raise {ImageOptions.Section}:{nameof(ImageOptions.MaxImages)}.");
            }

            File.Move(path, PathOf(image.Id), overwrite: true);

            // Flushes the folder too, and so the file's new name.
            DurableFile.Replace(NoteOf(image.Id), JsonSerializer.SerializeToUtf8Bytes(image, ImageJson.Default.Image));
            return _images[image.Id] = image;
        }
    }

    /// <summary>Deletes an image that nobody needs.</summary>
    public void Delete(string id, Action<Image> checkUnused)
    {
        lock (_gate)
        {
            var image = Find(id);
            checkUnused(image);

            // The note first: what is left of a delete that is cut short is a file without one, which the next start removes.
            File.Delete(NoteOf(id));
            File.Delete(PathOf(id));
            _images.Remove(id);
        }
    }

    /// <summary>Reads the whole file and throws when it is not what was uploaded.</summary>
    public async Task CheckAsync(Image image, CancellationToken token)
    {
        string digest;
        try
        {
            await using var file = OpenStored(image);
            digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, token));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Damaged(image, error.Message.TrimEnd('.'));
        }

        if (digest != image.Sha256)
        {
            throw Damaged(image, $"its digest is {digest}, not {image.Sha256}");
        }
    }

    /// <summary>What is written to a slot, decompressed as it is read.</summary>
    public Stream OpenRaw(Image image) => ImageFormats.Decode(OpenStored(image), image.Format);

    public static string IdOf(string sha256) => sha256[..IdLetters];

    private static BusyException Damaged(Image image, string fault) =>
        new("IMAGE_DAMAGED", $"Image {image.Id} ({image.FileName}) is damaged: {fault}. Upload it again.");

    private FileStream OpenStored(Image image) => new(
        PathOf(image.Id),
        new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, BufferSize = 1 << 17, Options = FileOptions.SequentialScan });

    private string PathOf(string id) => Path.Combine(_folder, id + FileEnding);

    private string NoteOf(string id) => Path.Combine(_folder, id + NoteEnding);

    private void Open()
    {
        foreach (var note in Directory.EnumerateFiles(_folder, '*' + NoteEnding).Order(StringComparer.Ordinal))
        {
            if (TryRead(note) is { } image && new FileInfo(PathOf(image.Id)) is { Exists: true } file && file.Length == image.StoredBytes)
            {
                _images[image.Id] = image;
            }
            else
            {
                LogDamaged(note);
            }
        }

        foreach (var left in Directory.EnumerateFiles(_folder).Where(IsLeftOver).ToList())
        {
            File.Delete(left);
        }
    }

    // Uploads that were cut short, and files whose note was never written or is deleted already.
    private bool IsLeftOver(string path) => Path.GetExtension(path) switch
    {
        UploadEnding or DurableFile.PartEnding => true,
        FileEnding => !File.Exists(Path.ChangeExtension(path, NoteEnding)),
        _ => false,
    };

    private static Image? TryRead(string note)
    {
        try
        {
            var image = JsonSerializer.Deserialize(File.ReadAllBytes(note), ImageJson.Default.Image);
            return image?.Id == Path.GetFileNameWithoutExtension(note) ? image : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The image of {Path} is damaged and left out: upload it again.")]
    private partial void LogDamaged(string path);
}
