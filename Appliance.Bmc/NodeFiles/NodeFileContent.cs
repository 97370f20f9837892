using Appliance.Hosting;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;

namespace Appliance.Bmc.NodeFiles;

/// <summary>A node file that was checked, and the node that it makes. It holds a secret, so it prints as that node alone.</summary>
internal sealed class NodeFileContent
{
    private const byte Space = (byte)' ';

    private NodeFileContent(NodeFile file, ReadOnlyMemory<byte> json) => (Name, Role, Json) = (file.Name, file.Role, json);

    public string Name { get; }

    public Role Role { get; }

    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Throws what is wrong with it, its signature among that, under the field that brought it.</summary>
    public static NodeFileContent Parse(ReadOnlyMemory<byte> json, string field)
    {
        try
        {
            return new NodeFileContent(NodeFileSignature.Read(json.Span), json);
        }
        catch (InvalidInputException error)
        {
            throw new InvalidInputException(error.Faults.Select(fault => new FieldFault(field, $"{fault.Field} {fault.Fault}")));
        }
    }

    /// <summary>As it lies in an image: 64 KiB, filled up with spaces.</summary>
    public ReadOnlyMemory<byte> Padded()
    {
        var padded = new byte[NodeFilePlace.Bytes];
        padded.AsSpan().Fill(Space);
        Json.Span.CopyTo(padded);
        return padded;
    }

    public override string ToString() => $"{Role.Word()} {Name}";
}
