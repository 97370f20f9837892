using Appliance.Detector.Models;
using Appliance.Hosting.Errors;

namespace Appliance.Detector.Inference;

/// <summary>A model file on its way in; in memory until it is whole and its digest is right.</summary>
internal sealed class ModelUpload(ModelUploads uploads, ulong sizeBytes) : IDisposable
{
    /// <summary>As the contract has it (gNOI).</summary>
    public const int LargestChunk = 64 * 1024;

    private readonly MemoryStream _file = new();

    public static LimitExceededException TooLarge(ulong sizeBytes) =>
        new("MODEL_TOO_LARGE", $"The model has {sizeBytes} bytes or more, a model has at most {OnnxReader.LargestFile}; upload a file that `appliance train` wrote.");

    public void Append(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length > LargestChunk)
        {
            throw new InvalidInputException("chunk", $"has {chunk.Length} bytes, a chunk has at most {LargestChunk}");
        }

        var size = (ulong)(_file.Length + chunk.Length);
        if (size > OnnxReader.LargestFile)
        {
            throw TooLarge(size);
        }

        _file.Write(chunk);
    }

    public StoredModel Finish(ReadOnlySpan<byte> digest)
    {
        if (sizeBytes != 0 && sizeBytes != (ulong)_file.Length)
        {
            throw new InvalidInputException("header.size_bytes", $"is {sizeBytes}, {_file.Length} bytes came; nothing was kept: send the file again");
        }

        return uploads.Keep(_file.GetBuffer().AsSpan(0, (int)_file.Length), digest);
    }

    public void Dispose()
    {
        uploads.End();
        _file.Dispose();
    }
}
