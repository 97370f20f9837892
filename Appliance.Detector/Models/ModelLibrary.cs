using System.Security.Cryptography;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Errors;
using Microsoft.Extensions.Logging;

namespace Appliance.Detector.Models;

/// <summary>The models on disk, each under its digest, and which of them is the active one.</summary>
/// <remarks>
/// Every change is on disk, whole, before it is told; killed at any moment, the library opens as it was before or after.
/// The model that came with the program is number 0, is never on disk, and is active until someone chooses another.
/// </remarks>
internal sealed partial class ModelLibrary
{
    public const string FolderName = "models";

    /// <summary>Beyond it the oldest goes; the active one and the one before it stay, to go back to.</summary>
    public const int RetainedModels = 16;

    private const string FileEnding = ".onnx";
    private const string IndexName = "index.json";
    private const int ShippedNumber = 0;

    private readonly string _folder;
    private readonly byte[]? _shippedFile;
    private readonly StoredModel? _shipped;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredModel> _models = new(StringComparer.Ordinal);
    private ModelIndex _index;

    /// <param name="folder">Made when it is missing.</param>
    /// <param name="shipped">The model that came with the program; null where none did.</param>
    /// <param name="logger">Told what was dropped, and what is damaged.</param>
    public ModelLibrary(string folder, byte[]? shipped, ILogger<ModelLibrary> logger)
    {
        (_folder, _shippedFile, _logger) = (folder, shipped, logger);
        _shipped = shipped is null ? null : new StoredModel(DigestOf(shipped), ShippedNumber, shipped.Length, OnnxReader.Read(shipped, "the shipped model"));
        PrivateFiles.CreateFolder(folder);
        _index = ReadIndex();
        ReadFiles();
    }

    /// <summary>The model that somebody chose, else the shipped one; null where there is none, or the chosen one is damaged.</summary>
    public StoredModel? Active
    {
        get
        {
            lock (_gate)
            {
                return _index.ActiveId is { } id ? Known(id) : _shipped;
            }
        }
    }

    /// <summary>The one that came with the program; null where none did.</summary>
    public StoredModel? Shipped => _shipped;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<StoredModel> List()
    {
        lock (_gate)
        {
            IEnumerable<StoredModel> all = _shipped is null ? _models.Values : _models.Values.Append(_shipped);
            return [.. all.OrderByDescending(model => model.Number)];
        }
    }

    /// <exception cref="NotFoundException">There is no such model.</exception>
    public StoredModel Find(string id)
    {
        lock (_gate)
        {
            return Known(id) ?? throw new NotFoundException("model", id);
        }
    }

    /// <summary>The file, compared with its digest.</summary>
    public byte[] Read(StoredModel model)
    {
        if (model == _shipped)
        {
            return _shippedFile!;
        }

        var path = PathOf(model.Id);
        var fault = TryReadFile(path, out var file) && DigestOf(file) is var digest
            ? digest == model.Id ? null : $"its digest is {digest}"
            : "it can't be read";
        return fault is null ? file : throw new BusyException("MODEL_DAMAGED", $"Model {model.Id} is damaged, {fault}: upload it again.");
    }

    /// <summary>Takes a model in; one that is here already stays as it is.</summary>
    /// <exception cref="InvalidInputException">It is damaged, of another schema, or none that this program can run.</exception>
    public StoredModel Add(ReadOnlySpan<byte> file)
    {
        var network = OnnxReader.Read(file, "the uploaded model");
        var id = DigestOf(file);
        lock (_gate)
        {
            if (id == _shipped?.Id)
            {
                return _shipped;
            }

            // Written also when it is known: that is how a damaged file is mended.
            Write(PathOf(id), file);
            if (!_models.TryGetValue(id, out var model))
            {
                var index = _index.With(id);
                model = new StoredModel(id, index.Numbers[id], file.Length, network);
                _models[id] = model;
                Drop(Oldest(), index);
            }

            return model;
        }
    }

    /// <summary>Makes it the active one, from now on and after a restart.</summary>
    public void Choose(StoredModel model)
    {
        lock (_gate)
        {
            var next = model == _shipped ? null : Find(model.Id).Id;
            Save(_index with { ActiveId = next, PreviousId = _index.ActiveId });
        }
    }

    private static string DigestOf(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file));

    private static bool TryReadFile(string path, out byte[] file)
    {
        file = [];
        try
        {
            if (new FileInfo(path).Length > OnnxReader.LargestFile)
            {
                return false;
            }

            file = File.ReadAllBytes(path);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string PathOf(string id) => Path.Combine(_folder, id + FileEnding);

    private StoredModel? Known(string id) => id == _shipped?.Id ? _shipped : _models.GetValueOrDefault(id);

    private ModelIndex ReadIndex()
    {
        var path = Path.Combine(_folder, IndexName);
        if (!File.Exists(path))
        {
            return ModelIndex.Empty;
        }

        if (TryReadFile(path, out var bytes) && ModelIndex.Parse(bytes) is { } index)
        {
            return index;
        }

        LogIndexDamaged(path);
        return ModelIndex.Empty;
    }

    private void ReadFiles()
    {
        // The oldest first: those that no index numbers are numbered in the order in which they came.
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles('*' + FileEnding).OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal))
        {
            var id = Path.GetFileNameWithoutExtension(file.Name);
            try
            {
                if (!TryReadFile(file.FullName, out var bytes) || DigestOf(bytes) != id)
                {
                    LogFileDamaged(file.FullName);
                    continue;
                }

                var network = OnnxReader.Read(bytes, file.FullName);
                _index = _index.With(id);
                _models[id] = new StoredModel(id, _index.Numbers[id], bytes.Length, network);
            }
            catch (InvalidInputException refusal)
            {
                // Whole, but of a schema that this version of the program no longer has.
                LogFileRefused(refusal.Message);
            }
        }
    }

    private string[] Oldest() =>
    [
        .. _models.Values
            .OrderByDescending(model => model.Number)
            .Skip(RetainedModels)
            .Select(model => model.Id)
            .Where(id => id != _index.ActiveId && id != _index.PreviousId),
    ];

    private void Drop(string[] ids, ModelIndex index)
    {
        Save(index.Without(ids));
        foreach (var id in ids)
        {
            _models.Remove(id);
            File.Delete(PathOf(id));
            LogDropped(id, RetainedModels);
        }
    }

    private void Save(ModelIndex index)
    {
        Write(Path.Combine(_folder, IndexName), index.ToBytes());
        _index = index;
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            DurableFile.Replace(path, bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LimitExceededException("MODEL_NOT_WRITTEN", $"{path} can't be written with {bytes.Length} bytes: {error.Message} Look for space and health of the disk.");
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} can't be read: models are numbered anew, and the shipped one is active until another is chosen.")]
    private partial void LogIndexDamaged(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} is damaged, its digest is not its name: upload that model again.")]
    private partial void LogFileDamaged(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A model is left out: {Refusal}")]
    private partial void LogFileRefused(string refusal);

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {ModelId} was dropped: the newest {Retained} are kept.")]
    private partial void LogDropped(string modelId, int retained);
}
