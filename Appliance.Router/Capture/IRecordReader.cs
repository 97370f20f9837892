namespace Appliance.Router.Capture;

/// <summary>Reads the records of one capture file format, from after the bytes that name the format.</summary>
internal interface IRecordReader
{
    /// <summary>True with the next frame; false at the end, with a fault when the end is no proper one.</summary>
    bool TryRead(out Frame frame, out CaptureFault? fault);
}
