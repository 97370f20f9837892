using System.Text;
using Appliance.Commands;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Hosting.Enrollment;
using Appliance.Hosting.Errors;
using Appliance.Hosting.Identity;

namespace Appliance.Nodes;

/// <summary>Takes over a node file: everything is checked before anything is written, and each step may be repeated after a power cut.</summary>
/// <remarks>node.json comes last: once it is there the node knows who it is. Only then is the file wiped from where it came.</remarks>
internal sealed class FirstBoot(string source, string root)
{
    private const UnixFileMode PublicFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode PublicFolder = PublicFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private string State => Path.Combine(root, "var/lib/appliance");

    private string Kept => Path.Combine(State, "node.json");

    /// <summary>The node's file; throws <see cref="CommandFailedException"/> with one sentence for the console.</summary>
    public NodeFile Run()
    {
        var kept = ReadKept();
        var bytes = ReadSource();
        if (NodeFileText.IsEmpty(bytes))
        {
            return kept ?? throw new CommandFailedException($"{source} holds no node file, so this node has no name and no role; lay one over it with 'appliance image customize' or write it there, and start again.");
        }

        var file = Read(bytes);
        Compare(file, kept);
        Write(file);
        Wipe(bytes.Length);
        return file;
    }

    private NodeFile? ReadKept()
    {
        if (!File.Exists(Kept))
        {
            return null;
        }

        try
        {
            return NodeFileText.ParseKept(File.ReadAllBytes(Kept));
        }
        catch (InvalidInputException error)
        {
            throw new CommandFailedException($"{Kept} is damaged ({error.Message}); reset the node with 'appliance image factory-reset' and give it a new node file.", error);
        }
    }

    private byte[] ReadSource()
    {
        if (!File.Exists(source))
        {
            return [];
        }

        // One byte more than is taken tells that it is too long.
        using var stream = new FileStream(source, FileMode.Open, FileAccess.Read);
        var bytes = new byte[NodeFile.MaxLength + 1];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private NodeFile Read(byte[] bytes)
    {
        try
        {
            var file = NodeFileSignature.Read(bytes);
            RoleConfiguration.Check(file);
            return file;
        }
        catch (Exception error) when (error is InvalidInputException or ConfigurationFaultException)
        {
            throw new CommandFailedException($"{source} can't be used and nothing was changed: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    private void Compare(NodeFile file, NodeFile? kept)
    {
        if (kept is not null && (kept.ToString(), kept.AuthoritySha256) != (file.ToString(), file.AuthoritySha256))
        {
            throw new CommandFailedException(
                $"{source} is for {file} (authority {file.AuthoritySha256[..12]}), this node is {kept} (authority {kept.AuthoritySha256[..12]}); nothing was changed. Reset the node first with 'appliance image factory-reset', or take the file away.");
        }
    }

    private void Write(NodeFile file)
    {
        MakeFolder(State, PublicFolder);
        if (file.AuthorityKey.Length > 0)
        {
            var folder = NodeCertificate.AuthorityFolder(State);
            PrivateFiles.CreateFolder(folder);
            DurableFile.Replace(PkiFiles.Key(folder, PkiFiles.Authority), Encoding.ASCII.GetBytes(file.AuthorityKey));
            DurableFile.Replace(PkiFiles.Certificate(folder, PkiFiles.Authority), Encoding.ASCII.GetBytes(file.Authority));
            RoleOwner.Give(Path.Combine(State, Role.Router.Word()), Role.Router, root);
        }

        var (configuration, network) = (Path.Combine(State, "config"), Path.Combine(State, "network"));
        MakeFolder(configuration, PublicFolder);
        MakeFolder(network, PublicFolder);
        WritePublic(Path.Combine(configuration, "appliance.json"), RoleConfiguration.Text(file, State));
        WritePublic(Path.Combine(State, "hostname"), file.Name + "\n");
        var files = NetworkFiles.Of(file);
        foreach (var old in Directory.GetFiles(network).Where(path => !files.ContainsKey(Path.GetFileName(path))))
        {
            File.Delete(old);
        }

        foreach (var (name, text) in files)
        {
            WritePublic(Path.Combine(network, name), text);
        }

        DurableFile.Replace(Kept, NodeFileText.Write(file with { AuthorityKey = "" }));
    }

    private void Wipe(int length)
    {
        using var mount = BootFolder.OpenForWriting(Path.GetDirectoryName(Path.GetFullPath(source))!);
        // In place: the image finds it by its clusters, and what was there must not stay on the card.
        using var stream = new FileStream(source, FileMode.Open, FileAccess.Write);
        stream.Write(Encoding.ASCII.GetBytes(new string(' ', length)));
        stream.Flush(flushToDisk: true);
    }

    private static void MakeFolder(string path, UnixFileMode mode)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, mode);
        }
    }

    private static void WritePublic(string path, string text)
    {
        DurableFile.Replace(path, Encoding.UTF8.GetBytes(text));
        File.SetUnixFileMode(path, PublicFile);
    }
}
